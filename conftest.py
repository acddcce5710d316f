"""What nbval lets pass in the committed notebooks, and is refused here.

nbval ignores the bytes of figures and all metadata, takes a cell without stored outputs for checked,
and fails every cell after one that could not be executed.
"""

from importlib.metadata import version

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

# Outputs of a long cell are handed over in one go; nbval's five seconds are short under load.
OUTPUT_SECONDS = 60
ADVICE = (
    "If another version of matplotlib drew the stored one, install that of the lock (`make setup`; "
    "here it is {version}); if the figure was changed on purpose, put the new one in place: "
    "`sahel reference --reason \"why\"`."
)  # fmt: skip


class StrictNotebook(IPyNbFile):
    """A notebook of which figures, their alt text and all other metadata of outputs count."""

    # The cell that could not be checked, if one could not: what follows rests on it.
    stopped_at: int | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        counts = {"image/png", "image/jpeg", "metadata"}
        self.skip_compare = tuple(key for key in self.skip_compare if key not in counts)

    def collect(self):
        for each in super().collect():
            yield StrictCell.from_parent(
                self, name=each.name, cell_num=each.cell_num, cell=each.cell, options=each.options
            )


class StrictCell(IPyNbCell):
    """A cell that must have been executed and have something stored to compare with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.output_timeout = OUTPUT_SECONDS

    def runtest(self):
        if self.parent.stopped_at is not None:
            stopped_at, name = self.parent.stopped_at, self.parent.path.name
            pytest.skip(f"not checked: cell {stopped_at} failed in {name}")
        self.parent.stopped_at = self.cell_num
        self._demand_stored()
        super().runtest()

    def compare_outputs(self, test, ref, skip_compare=None):
        # It was executed to its end, so the cells after it can be checked, whatever it gave.
        self.parent.stopped_at = None
        alike = super().compare_outputs(test, ref, skip_compare)
        if not alike:
            self.comparison_traceback += _unlike_figures(test, ref)
        return alike

    def _demand_stored(self) -> None:
        if self.options["skip"] or not self.options["check"]:
            self.raise_cell_error("A marker or an option exempts this cell from being compared.")
        if self.cell.execution_count is None:
            self.raise_cell_error("This cell was not run before it was stored: run and store it.")
        if not self.cell.outputs and "parameters" not in self.cell.metadata.get("tags", []):
            self.raise_cell_error("No output of this cell is stored: nothing could be compared.")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Take the notebooks that nbval takes, strictly."""
    collected = yield
    return [
        StrictNotebook.from_parent(parent, path=file_path) if isinstance(each, IPyNbFile) else each
        for each in collected
    ]


def _unlike_figures(test, ref) -> list[str]:
    """Sentences that name the figures whose image or alt text differs, and say what to try."""
    found = []
    for stored, drawn in zip(ref, test, strict=False):
        said = {**drawn.get("metadata", {}), **stored.get("metadata", {})}
        name = said.get("sahel", {}).get("figure")
        for part, what in (("data", "image"), ("metadata", "alt text")):
            one, other = (each.get(part, {}).get("image/png") for each in (stored, drawn))
            if one != other:
                found.append(f"\nThe {what} of the figure {name!r} differs from the stored one.")
    return [*found, ADVICE.format(version=version("matplotlib"))] if found else []
