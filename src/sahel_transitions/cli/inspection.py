"""What `sahel data inspect` says of a file."""

from pathlib import Path

from sahel_transitions.errors import TableProblems
from sahel_transitions.sources import SOURCES, Built, Options, Source, Unanswerable, recognise

_DEFINITIONS = ("U1", "U2", "U3", "A1", "A2", "A3")
_BREAKDOWNS = ("month", "admin1", "perpetrator")


def describe(file: Path, options: Options) -> tuple[list[str], TableProblems | None]:
    """Lines on a file, and its problems if it has any.

    Raises
    ------
    Refusal
        If it cannot be opened or is of no known dataset.
    """
    opened, source = recognise(file, SOURCES)
    size = file.stat().st_size
    amount = f"{size / 2**20:,.1f} MB" if size >= 1 << 20 else f"{max(1, size >> 10)} kB"
    lines = [
        f"File: {opened.name} ({opened.form.upper()}, {amount}, {len(opened.names)} columns)",
        f"Taken for: {source.title} ({source.name})",
    ]
    try:
        built = source.build(opened, options)
    except Unanswerable as error:
        return [*lines, f"Answers: nothing; {error}.", "Problems: none."], None
    except TableProblems as error:
        return lines, error
    return [*lines, *_told(source, built), "Problems: none."], None


def _told(source: Source, built: Built) -> list[str]:
    declaration = built.declaration
    by_span: dict[tuple, list[str]] = {}
    for country, span in declaration["coverage"].items():
        by_span.setdefault((span["first"], span["last"]), []).append(country)
    coverage = "; ".join(
        f"{', '.join(countries)} {first} to {last}" for (first, last), countries in by_span.items()
    )
    lines = [
        f"Vintage: {declaration['vintage']}",
        f"Coverage: {coverage}",
        *(
            f"Missing: {country} {span['first']} to {span['last']} (covered, but not in the file)"
            for country, spans in declaration.get("lost", {}).items()
            for span in spans
        ),
        f"Gives: table {built.name}, {len(built.frame):,} rows; "
        f"{'may' if declaration['redistribution'] else 'may not'} be passed on "
        f"({declaration['licence']})",
    ]
    if built.name == "deaths":
        definitions, breakdowns = declaration["definitions"], declaration["breakdowns"]
        lines.append(f"Answers: {', '.join(definitions)} by {', '.join(breakdowns)}")
        lines += [
            f"Not for {country}: {', '.join(names)} (see the notes)"
            for country, names in declaration.get("unanswered", {}).items()
        ]
        cannot = {**source.cannot, **built.cannot}
        lines += [
            f"Cannot: {cannot[name]}"
            for name in (*_DEFINITIONS, *_BREAKDOWNS)
            if name in cannot and name not in {*definitions, *breakdowns}
        ]
    if declaration.get("provisional_from"):
        lines.append(f"Provisional: from {min(declaration['provisional_from'].values())} on")
    if declaration.get("skipped_rows"):
        lines.append(f"Left out: {declaration['skipped_rows']:,} rows with a fault")
    return [*lines, *(f"Note: {note}" for note in built.notes)]
