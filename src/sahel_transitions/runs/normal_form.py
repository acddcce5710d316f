"""Executed notebooks without what differs from one execution to the next."""

from nbformat import NotebookNode

INJECTED = "injected-parameters"


def normal_form(notebook: NotebookNode) -> NotebookNode:
    """Drop clock times, paths and random ids; number the executed cells from one."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
    executed = [cell for cell in notebook.cells if cell.get("execution_count")]
    for count, cell in enumerate(executed, 1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    return notebook


def reference_form(notebook: NotebookNode) -> NotebookNode:
    """The normal form of a default run, without the cell of injected parameters."""
    notebook.cells = [
        cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])
    ]
    return normal_form(notebook)
