"""The page of a sweep: every run with what differs, what it recorded, and where to look at it."""

import os
from pathlib import Path
from urllib.parse import quote

from sahel_transitions.language import Words, words
from sahel_transitions.reports.kept import PAGE
from sahel_transitions.reports.rendering import hashed_script, shown, state_in_words, template
from sahel_transitions.runs.parts import Part
from sahel_transitions.runs.sweeps import TABLE, Sweep

# More columns would be too many to read; the table holds all.
_COLUMNS = 12


def write_sweep_page(made: Sweep) -> Path:
    """Write `index.html` beside the table of a sweep that did not fail.

    Figures and notebooks are not copied: the page leads to where they are kept.
    """
    page = made.folder / PAGE
    aside = page.with_name(f".{PAGE}")
    aside.write_text(render_sweep(made), encoding="utf-8")
    aside.replace(page)
    return page


def render_sweep(made: Sweep) -> str:
    """The page as text."""
    parameters = made.parts[0].record["parameters"]
    language = words(parameters["language"])
    values = [{value["id"]: value for value in part.values()} for part in made.parts]
    ids = list(dict.fromkeys(id for each in values for id in each))
    rows = [
        {
            "number": number,
            "given": [shown(part.record["parameters"][name]) for name in made.matrix.varying],
            "found": [_found(each.get(id), language) for id in ids[:_COLUMNS]],
            "links": list(_links(part, made.folder, language)),
        }
        for number, (part, each) in enumerate(zip(made.parts, values, strict=True), 1)
    ]
    script, script_hash = hashed_script()
    return template("sweep.html.j2").render(
        t=language,
        title=language("sweep.title", n=len(rows), notebook=made.matrix.notebook.stem),
        varying=list(made.matrix.varying),
        shown=ids[:_COLUMNS],
        total=len(ids),
        rows=rows,
        table=TABLE,
        common={
            name: shown(value)
            for name, value in parameters.items()
            if name not in made.matrix.varying
        },
        script=script,
        script_hash=script_hash,
    )


def _found(value: dict | None, language: Words) -> str:
    if value is None:
        return ""
    if value["value"] is None:
        return state_in_words(value["state"], language)
    if not isinstance(value["value"], (int, float)):
        return str(value["value"])
    numbers = {name: _number(value[name], language) for name in ("value", "low", "high")}
    between = value["low"] is not None and value["high"] is not None
    return language("sweep.interval", **numbers) if between else numbers["value"]


def _number(value: float | None, language: Words) -> str:
    if value is None:
        return ""
    whole = isinstance(value, int) or abs(value) >= 100
    return language.number(value, 0 if whole else 2)


def _links(part: Part, folder: Path, language: Words):
    for name in part.record["products"]:
        if name.startswith("figures/") and name.endswith(".svg"):
            text = Path(name).stem
        elif name.startswith("notebooks/"):
            text = language("sweep.notebook")
        else:
            continue
        place = os.path.relpath(part.folder / name, folder)
        yield {"text": text, "address": quote(Path(place).as_posix())}
