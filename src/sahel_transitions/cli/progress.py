"""What a user sees of a run: its progress, and five lines at its end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sahel_transitions.parameters import Parameters


@contextmanager
def showing_long_work() -> Iterator[Callable[[str, float], None]]:
    """Show the progress of work on large files on standard error; short work shows nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from sahel_transitions.sources import telling

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=1.0, visible=False)

        def told(phase: str, share: float) -> None:
            progress.update(task, description=phase, completed=share, visible=True)

        with telling(told):
            yield told


@contextmanager
def showing_count(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how many of many things are done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda count, total: progress.update(task, completed=count, total=total)


@contextmanager
def showing_bytes() -> Iterator[Callable[[int, int | None], None]]:
    """Show on standard error how much of a download is done."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Fetching", total=None)

        def told(done: int, total: int | None) -> None:
            whole = f" of {total:,}" if total else ""
            progress.update(task, description=f"Fetching: {done:,}{whole}")

        yield told


def run_with_progress(parameters: Parameters, summary: bool = True, **options):
    """Find or make the run of all notebooks, and show how far it is."""
    (made,) = run_all_with_progress([parameters], **options)
    if summary:
        print(f"Run: {made.folder}")
        summarise(made)
    return made


def run_all_with_progress(studies: list[Parameters], **options) -> list:
    """Find or make the runs of all notebooks for several studies, and show how far they are."""
    from sahel_transitions.runs import find_runs

    # To find them takes a second, and nothing of what it takes to make them.
    made = find_runs(studies)
    return run_each_with_progress(studies, **options) if None in made else made


def run_each_with_progress(studies: list[Parameters], **options) -> list:
    """Find or make the runs of several studies, and show how far they are."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sahel_transitions.runs import run_each

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Reading inputs", total=None)

        def started(count: int) -> None:
            progress.update(task, description="Running notebooks", total=count, completed=0)

        def done(outcome) -> None:
            mark = f"{outcome.notebook}: {outcome.failure}" if outcome.failure else outcome.notebook
            progress.update(task, advance=1, description=mark)

        made = run_each(studies, started=started, done=done, **options)
        progress.update(task, description="Notebooks", total=1, completed=1, visible=False)
    return made


# So many changed inputs are named in the summary.
_NAMED = 5


def summarise(made) -> None:
    """Some lines: which run, which notebooks were executed, of what, what it found or lacks."""
    from sahel_transitions.language import words

    parameters = made.manifest["inputs"]["parameters"]
    say = words(parameters["language"], parameters["deaths_definition"])
    counted = say.of_rates() if parameters["per_100k"] else say
    records = made.records()
    lacking = [text for record in records for text in record["lacking"]]
    why = say(f"summary.{made.why}", changed=_shortened(made.changed, say))
    values = {value["id"]: value for value in made.results()}
    lines = [
        say("summary.run", id=made.id, why=why),
        *_notebooks(made, say),
        say("summary.study", countries=[say(f"country.{each}") for each in parameters["countries"]],
            start=parameters["start"], end=parameters["end"], as_of=parameters["as_of"]),
        counted("summary.deaths", values=_latest(values, parameters, say)),
        say("summary.ends", values=_ends(values, parameters, say)),
        say("summary.lacking", what=" ".join(dict.fromkeys(lacking)) or say("summary.nothing")),
    ]  # fmt: skip
    print("\n".join(lines))


def _notebooks(made, say) -> list[str]:
    """Which notebooks were reused, and which were executed, because of what."""
    groups: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for used in made.used:
        groups.setdefault((used.reused, used.changed), []).append(used.notebook)
    lines = []
    for (reused, changed), notebooks in groups.items():
        key = "reused" if reused else "executed_since" if changed else "executed"
        named = _shortened(changed, say)
        lines.append(say(f"summary.{key}", changed=named, notebooks=notebooks))
    return lines


def _shortened(changed: tuple[str, ...], say) -> list[str]:
    """The first of the changed inputs, and how many more there are."""
    more = len(changed) - _NAMED
    return [*changed[:_NAMED], *([say("summary.more", n=more)] if more > 0 else [])]


def _latest(values: dict, parameters: dict, say) -> list[str]:
    """Deaths of the last whole year that is covered, for each country."""
    lines = []
    for country in parameters["countries"]:
        years = [
            (id.rsplit(".", 1)[-1], value)
            for id, value in values.items()
            if id.startswith(f"deaths.{country}.")
            and value["months"] == 12
            and value["value"] is not None
        ]
        if years:
            year, value = years[-1]
            decimals = 1 if "per 100,000" in value["unit"] else 0
            number = say.number(value["value"], decimals)
            lines.append(say("summary.value", country=country, value=number, when=year))
        else:
            lines.append(say("summary.no_year", country=country))
    return lines


def _ends(values: dict, parameters: dict, say) -> list[str]:
    lines = []
    for country in parameters["countries"]:
        end = values[f"deadlines.{country}.end_of_transition.due_on"]
        shown = say(f"state.{end['state']}")
        key = "summary.end_state"
        if end["state"] == "observed":
            key, shown = "summary.end", say.when(end["value"])
        lines.append(say(key, country=country, value=shown))
    return lines
