"""Writing a report: every form of it in every language, whole or not there at all."""

import shutil
from pathlib import Path

from sahel_transitions.errors import SahelError
from sahel_transitions.paths import REPORTS
from sahel_transitions.reports.document import Document, read_document
from sahel_transitions.reports.kept import CHECKSUMS, PAGE, checksums, kept_report, report_id
from sahel_transitions.reports.page import render_page
from sahel_transitions.reports.site import front_page, write_site
from sahel_transitions.runs.asides import aside
from sahel_transitions.runs.folder import MANIFEST, RESULTS, Run
from sahel_transitions.runs.parts import move_into_place
from sahel_transitions.runs.results import differences, unlike_findings

# What of a run stands beside its pages, a folder a language.
_BESIDE = ("figures", "tables", RESULTS, MANIFEST)


def write_report(runs: list[Run], reports: Path = REPORTS) -> Path:
    """Write the report of runs that differ in language alone.

    `reports/<id>/index.html` leads to all: one self-contained page a language, and a site a
    language with the figures, tables and results beside it. Written aside and renamed; the same
    runs give the same bytes.

    Returns
    -------
    Path
        The first page.

    Raises
    ------
    SahelError
        If two languages rest on unlike values or state unlike findings.
    """
    demand_alike(runs)
    documents = [read_document(run) for run in runs]
    with aside(reports) as workshop:
        made = workshop / report_id(runs)
        made.mkdir()
        for document in documents:
            _write(document, documents, made)
        (made / PAGE).write_text(front_page(documents), encoding="utf-8")
        (made / CHECKSUMS).write_text(checksums(made), encoding="utf-8")
        folder = reports / made.name
        move_into_place(made, folder, whole=lambda: kept_report(runs, reports) is not None)
    return folder / PAGE


def demand_alike(runs: list[Run]) -> None:
    """Languages are translations of one result.

    Raises
    ------
    SahelError
        If runs rest on unlike values or state unlike findings.
    """
    first, *others = runs
    for other in others:
        unlike = [
            *differences(first.results(), other.results()),
            *unlike_findings(first.findings(), other.findings()),
        ]
        if unlike:
            raise SahelError(
                f"The runs {first.id} and {other.id} differ in more than their language: "
                f"{'; '.join(unlike[:5])}. Run `sahel reference` and look for what depends on "
                "the language."
            )


def _write(document: Document, documents: list[Document], made: Path) -> None:
    language = document.language
    folder = made / language
    folder.mkdir()
    for name in _BESIDE:
        source = document.run.folder / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    (made / f"report.{language}.html").write_text(render_page(document), encoding="utf-8")
    write_site(document, documents, folder)
