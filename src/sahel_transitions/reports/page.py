"""One self-contained HTML page from a run folder.

Everything a reader sees is in the file: pictures, data, styles. No address that a browser would
fetch, one script, which searches long tables, and a content security policy that allows nothing
else. Markdown is rendered with HTML switched off, and the template escapes every value.
"""

import base64
import json
import shutil
from pathlib import Path

import nbformat
import pandas as pd
from markdown_it import MarkdownIt
from markupsafe import Markup

from sahel_transitions.language import Words, words
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import REPORTS
from sahel_transitions.reports.kept import BESIDE, CHECKSUM, PAGE, checksum, kept_report
from sahel_transitions.reports.references import datasets_used, references
from sahel_transitions.reports.rendering import hashed_script, shown, template
from sahel_transitions.runs.asides import aside
from sahel_transitions.runs.folder import Run
from sahel_transitions.runs.parts import move_into_place
from sahel_transitions.tables import Tables


def write_report(run: Run, reports: Path = REPORTS) -> Path:
    """Write `reports/<id>/index.html` with the figures and tables beside it.

    Written aside and renamed; the same run gives the same bytes.

    Returns
    -------
    Path
        The page.
    """
    folder = reports / run.id
    with aside(reports) as workshop:
        made = workshop / run.id
        made.mkdir()
        for name in BESIDE:
            source = run.folder / name
            if source.is_dir():
                shutil.copytree(source, made / name)
            elif source.exists():
                shutil.copyfile(source, made / name)
        (made / PAGE).write_text(render(run), encoding="utf-8")
        (made / CHECKSUM).write_text(checksum(made / PAGE), encoding="utf-8")
        move_into_place(made, folder, whole=lambda: kept_report(run, reports) is not None)
    return folder / PAGE


def render(run: Run) -> str:
    """The page as text."""
    given = run.manifest["inputs"]["parameters"]
    parameters = {name: given[name] for name in Parameters.model_fields}
    language = words(parameters["language"])
    records, tables = run.records(), Tables()
    chapters = [
        _chapter(run.folder / "notebooks" / f"{record['notebook']}.ipynb", run.folder, language)
        for record in records
    ]
    # A user's file is named by its hash; what it is called on the user's disk is nobody's business.
    open_deaths = parameters["deaths_source"] == "ucdp"
    command = {
        **parameters,
        "deaths_source": parameters["deaths_source"] if open_deaths else "FILE",
    }
    script, script_hash = hashed_script()
    return template("page.html.j2").render(
        t=language,
        many_caveats=_MANY_CAVEATS,
        script=Markup(script),
        script_hash=script_hash,
        run=run.manifest,
        title=language("report.title_countries", countries=[
            language(f"country.{country}") for country in parameters["countries"]
        ]),
        chapters=chapters,
        parameters={name: shown(value) for name, value in parameters.items()},
        command="sahel report " + " ".join(
            f"-p {name}={shown(value)}" for name, value in command.items()
        ),
        datasets=datasets_used(records, language),
        references=references(records, tables, language, parameters["as_of"]),
        licence=language("report.licence" if open_deaths else "report.licence_own"),
        lock=run.manifest["inputs"]["files"]["requirements.lock"],
        differing=sorted(run.manifest["environment"]["differs_from_lock"]),
    )  # fmt: skip


# A table of more rows can be searched.
_LONG = 60
# The cell that says what a chapter rests on; with more caveats than this they are folded.
_OPENING = "open"
_MANY_CAVEATS = 12

# Cells that serve the run: the report has its own list of parameters.
_UNSHOWN = {"parameters", "injected-parameters", "bookkeeping"}


def _chapter(path: Path, folder: Path, language: Words) -> dict:
    notebook = nbformat.read(path, as_version=4)
    parts, headings = [], []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            html, found = _markdown(cell.source, path.stem)
            headings += found
            parts.append({"kind": "text", "html": html})
        elif cell.cell_type == "code" and not _UNSHOWN & set(cell.metadata.get("tags", [])):
            parts.append({"kind": "code", "source": cell.source})
            shown = [part for output in cell.outputs for part in _output(output, folder)]
            if cell.id == _OPENING:
                for part in shown:
                    part["caveats"] = part.get("html", "").count("<li>")
            parts += shown
    title = headings[0] if headings else {"text": path.stem, "id": path.stem}
    return {"id": path.stem, "title": title["text"], "headings": headings[1:], "parts": parts}


def _output(output, folder: Path):
    shown = output.get("metadata", {}).get("sahel", {})
    data = output.get("data", {})
    if "figure" in shown:
        yield _figure(shown["figure"], folder)
    elif "table" in shown:
        name = shown["table"]
        # The table was escaped cell by cell when it was made.
        yield {
            "kind": "table",
            "id": name,
            "html": Markup(data["text/html"]),
            "long": data["text/html"].count("<tr>") > _LONG,
            "rows": data["text/html"].count("<tr>") - 1,
            "csv": _data_uri("text/csv", (folder / "tables" / f"{name}.csv").read_bytes()),
        }
    elif "text/markdown" in data:
        yield {"kind": "text", "html": _markdown(data["text/markdown"], "")[0]}
    elif output.output_type == "stream":
        yield {"kind": "plain", "text": output.text}
    elif "text/plain" in data:
        yield {"kind": "plain", "text": data["text/plain"]}


# A longer table would make the page slow, and nobody reads it; its file holds every row.
_MOST_ROWS = 500


def _figure(name: str, folder: Path) -> dict:
    base = folder / "figures" / name
    text = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
    content = base.with_suffix(".csv").read_bytes()
    data = pd.read_csv(base.with_suffix(".csv"), dtype="str", keep_default_na=False)
    return {
        "kind": "figure",
        "id": name,
        "svg": _data_uri("image/svg+xml", base.with_suffix(".svg").read_bytes()),
        "csv": _data_uri("text/csv", content),
        "columns": list(data.columns),
        "rows": data.head(_MOST_ROWS).to_numpy().tolist(),
        "count": len(data),
        **{name: text[name] for name in ("title", "note", "alt")},
    }


def _data_uri(kind: str, content: bytes) -> Markup:
    return Markup(f"data:{kind};base64,{base64.b64encode(content).decode()}")


def _markdown(text: str, prefix: str) -> tuple[Markup, list[dict]]:
    """HTML with headings one level lower, and the headings with their anchors."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens, headings = parser.parse(text), []
    for position, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = int(token.tag[1])
        token.tag = f"h{min(level + 1, 6)}"
        if token.type == "heading_open" and prefix:
            words_of = tokens[position + 1].content
            anchor = f"{prefix}-{'-'.join(words_of.lower().split())}"
            anchor = "".join(sign for sign in anchor if sign.isalnum() or sign in "-_")
            token.attrSet("id", anchor)
            headings.append({"text": words_of, "id": anchor, "level": level})
    return Markup(parser.renderer.render(tokens, parser.options, {})), headings
