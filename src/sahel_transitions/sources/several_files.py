"""One table of deaths from several files of a user, since producers give countries one by one."""

from pathlib import Path

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import is_file
from sahel_transitions.sources.source import Built, Source
from sahel_transitions.sources.users_file import read_users_file

_IN_ORDER = ("U1", "U2", "U3", "A1", "A2", "A3")


def named_files(text: str) -> tuple[Path, ...]:
    """The files that a text names: one path, or several with commas between them.

    Raises
    ------
    Refusal
        If one of them is no file.
    """
    if is_file(Path(text)):
        return (Path(text),)
    paths = tuple(Path(each.strip()) for each in text.split(",") if each.strip())
    for path in paths:
        if not is_file(path):
            raise Refusal(
                f"{str(path)!r} is neither `ucdp` nor a file. Correct the path; several files are "
                "separated by commas."
            )
    return paths


def read_users_files(
    files: tuple[Path, ...], actors: pd.DataFrame, *, skip_bad_rows: bool = False
) -> tuple[Source, Built]:
    """The table of deaths of one file, or of several that hold different countries.

    Raises
    ------
    Refusal
        As `read_users_file` does, and if the files are of different datasets, or two of them hold
        the same country, whose deaths would be counted twice.
    """
    read = [read_users_file(file, actors, skip_bad_rows=skip_bad_rows) for file in files]
    (source, _), names = read[0], [file.name for file in files]
    if len(read) == 1:
        return read[0]
    seen: dict[str, str] = {}
    for name, (other, built) in zip(names, read, strict=True):
        if other is not source or built.name != "deaths":
            raise Refusal(
                f"{names[0]} is of {source.title} and {name} of {other.title}: only files of "
                "deaths of one kind can be put together."
            )
        for country in built.declaration["coverage"]:
            if country in seen:
                raise Refusal(
                    f"{seen[country]} and {name} both hold {country}, whose deaths would be counted "
                    "twice. Give files of different countries."
                )
            seen[country] = name
    return source, _joined(names, [built for _, built in read])


def _joined(names: list[str], parts: list[Built]) -> Built:
    """One table whose declaration says of each country what its own file says."""
    told = [part.declaration for part in parts]
    first = told[0]
    definitions = [name for name in _IN_ORDER if any(name in each["definitions"] for each in told)]
    unanswered = {
        code: [name for name in definitions
               if name not in each["definitions"] or name in each.get("unanswered", {}).get(code, ())]
        for each in told for code in each["coverage"]
    }  # fmt: skip
    columns = {name: column for each in told for name, column in each["columns"].items()}
    countries = sorted(code for each in told for code in each["coverage"])
    columns["country"] = {**columns["country"], "allowed": countries}
    declaration = {
        **first,
        "definitions": definitions,
        "breakdowns": [
            each
            for each in first["breakdowns"]
            if all(each in other["breakdowns"] for other in told)
        ],
        "unanswered": {code: names for code, names in unanswered.items() if names},
        "columns": columns,
        **{
            key: {code: value for each in told for code, value in each.get(key, {}).items()}
            for key in ("coverage", "lost", "provisional_from")
        },
        "vintage": _vintage(told),
        "vintage_released": max(each["vintage_released"] for each in told),
        "warnings": list(dict.fromkeys(name for each in told for name in each["warnings"])),
        "skipped_rows": sum(each.get("skipped_rows", 0) for each in told),
    }
    # A measure that one of the files lacks is unanswered for its countries, whatever stands here.
    frame = pd.concat([part.frame for part in parts], ignore_index=True)[list(columns)]
    notes = [
        f"{name}: {note}" for name, part in zip(names, parts, strict=True) for note in part.notes
    ]
    cannot = {
        key: why for part in parts for key, why in part.cannot.items() if key not in definitions
    }
    return Built("deaths", frame, declaration, notes, cannot)


def _vintage(told: list[dict]) -> str:
    """One vintage, or each with its countries where they differ."""
    if len({each["vintage"] for each in told}) == 1:
        return told[0]["vintage"]
    return "; ".join(f"{', '.join(each['coverage'])}: {each['vintage']}" for each in told)
