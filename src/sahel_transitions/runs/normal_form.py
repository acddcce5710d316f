"""Executed notebooks without what differs from one execution to the next."""

import re

from nbformat import NotebookNode

INJECTED = "injected-parameters"

# papermill puts cells with random ids around a cell that failed.
_OF_PAPERMILL = {INJECTED, "papermill-error-cell-tag"}
# Cells are compiled under names that hold the number of the kernel's process.
_COMPILED = re.compile(r"(?:/\S*/|[A-Z]:\\\S*\\)ipykernel_\d+[/\\]\d+\.py")


def normal_form(notebook: NotebookNode) -> NotebookNode:
    """Drop clock times, paths and random ids; number the executed cells from one."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        for tag in _OF_PAPERMILL.intersection(cell.metadata.get("tags", [])):
            before = sum(each.id.startswith(tag) for each in notebook.cells)
            cell.id = f"{tag}-{before}" if before else tag
    executed = [cell for cell in notebook.cells if cell.get("execution_count")]
    for count, cell in enumerate(executed, 1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if output.output_type == "stream":
                output.text = _COMPILED.sub("<cell>", output.text)
    return notebook


def reference_form(notebook: NotebookNode) -> NotebookNode:
    """The normal form of a default run, without the cell of injected parameters."""
    notebook.cells = [
        cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])
    ]
    return normal_form(notebook)
