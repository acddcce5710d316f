"""Days in the many forms of exports, as SQL for files of any size."""

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.sources.files.cells import fetched
from sahel_transitions.sources.files.opening import Opened

# Exports in one hand or another have used all of these; none can be taken for another, as long as
# years of two digits are tried first, but for the two with slashes.
_DAYS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d %B %Y",
    "%d-%B-%y",
    "%d-%B-%Y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%Y/%m/%d",
)
_SLASHED = ("%d/%m/%Y", "%m/%d/%Y")


def day_of(connection, opened: Opened, source: str, column: str) -> str:
    """SQL for the day in a column of text, in the form that the first rows show.

    Raises
    ------
    TableProblems
        If days have slashes and the file leaves open which number is the month.
    """
    sample = fetched(
        connection, opened,
        f"select {column} from ({source}) where {column} not like '#%' limit 1000",
    )[column]  # fmt: skip
    if (
        sample.str.contains("/", regex=False).mean() > 0.5
        and not sample.str.match(r"\s*\d{4}/").any()
    ):
        form = _order_of_slashes(connection, opened, source, column)
        return f"try_strptime(trim({column}), '{form}')::date"
    # Most exports hold 2022-03-27, for which a cast is several times as fast; what is longer or
    # shorter must be one of the other forms, and nothing else.
    others = ", ".join(f"'{form}'" for form in _DAYS)
    return (
        # Words such as “epoch” are days to the engine, so a digit comes first.
        f"case when strlen({column}) = 10 and {column} >= '0' and {column} < ':' "
        f"then coalesce(try_cast({column} as date), try_strptime({column}, [{others}])::date) "
        f"when ltrim({column}) >= '0' and ltrim({column}) < ':' "
        f"then try_strptime(trim({column}), [{others}])::date end"
    )


def _order_of_slashes(connection, opened: Opened, source: str, column: str) -> str:
    one, other = (f"try_strptime(trim({column}), '{form}')" for form in _SLASHED)
    ((day_first, month_first, differ),) = connection.execute(
        f"""
        select count(*) filter ({one} is not null and {other} is null),
            count(*) filter ({other} is not null and {one} is null),
            count(*) filter ({one} <> {other})
        from ({source})
        """
    ).fetchall()
    if (day_first and month_first) or (differ and not day_first and not month_first):
        found = "some in either order" if day_first else "days such as 03/04/2022 alone"
        raise TableProblems(
            [Problem(opened.name, None, column, "days whose month is certain", found,
                     "Export the days as 2022-04-03.")]
        )  # fmt: skip
    return _SLASHED[1] if month_first else _SLASHED[0]
