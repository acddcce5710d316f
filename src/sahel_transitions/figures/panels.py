"""What each panel of a drawn figure shows: how many marks of data, or words in their place."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from matplotlib.transforms import Transform


@dataclass(frozen=True)
class Panel:
    """One panel of a figure.

    Attributes
    ----------
    marks : int
        Points of lines and scatters, bars, areas and images whose place is data and that lie within
        the view; lines, spans and words that only belong to the axes are none. Words count in a
        panel that `mark_written` says to consist of them.
    says : str or None
        What a panel says in place of marks that there cannot be, by `instead_of_marks`.
    """

    marks: int
    says: str | None

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


# Labels of axes and texts are drawn nowhere.
_WRITTEN = "written"
_INSTEAD = "instead of marks"


def mark_written(axes: Axes) -> None:
    """A panel of which the marks are words: a matrix of counts."""
    axes.set_label(_WRITTEN)


def instead_of_marks(text: Text) -> Text:
    """Words of a panel, or of one of its rows, that say why nothing is drawn there."""
    text.set_label(_INSTEAD)
    return text


def panels_of(canvas: Canvas) -> list[Panel]:
    """All panels of a figure but those of its grid that are switched off and empty."""
    panels = [(axes, Panel(_marks(axes), _says(axes))) for axes in canvas.axes]
    return [panel for axes, panel in panels if axes.axison or panel.marks]


def _says(axes: Axes) -> str | None:
    said = [text.get_text() for text in _seen(axes.texts) if text.get_label() == _INSTEAD]
    return "; ".join(said) or None


def _marks(axes: Axes) -> int:
    view = np.sort(np.array(axes.viewLim.get_points(), dtype="float64"), axis=0)
    return sum(_within(vertices, view) for vertices in _elements(axes))


def _within(vertices: np.ndarray, view: np.ndarray) -> bool:
    """Whether a mark reaches into the view: its corners (n × 2) and the view's (2 × 2)."""
    vertices = vertices[np.isfinite(vertices).all(axis=1)]
    if not len(vertices):
        return False
    return bool((vertices.min(axis=0) <= view[1]).all() and (vertices.max(axis=0) >= view[0]).all())


def _elements(axes: Axes) -> Iterator[np.ndarray]:
    """The corners of each mark, in data."""
    for line in _seen(axes.lines):
        if _is_data(line.get_transform(), axes):
            yield from _each(line.get_xydata())
    for patch in _seen(axes.patches):
        if _is_data(patch.get_transform(), axes):
            yield patch.get_patch_transform().transform_path(patch.get_path()).vertices
    for collection in _seen(axes.collections):
        if isinstance(collection, PathCollection):
            if _is_data(collection.get_offset_transform(), axes):
                yield from _each(collection.get_offsets())
        elif _is_data(collection.get_transform(), axes):
            yield from (path.vertices for path in collection.get_paths())
    yield from _areas(axes)


def _areas(axes: Axes) -> Iterator[np.ndarray]:
    """The corners of images that hold a number, and the places of words that are marks."""
    for image in _seen(axes.images):
        if np.ma.masked_invalid(image.get_array()).count():
            left, right, bottom, top = image.get_extent()
            yield np.array([[left, bottom], [right, top]])
    if axes.get_label() == _WRITTEN:
        for text in _seen(axes.texts):
            if _is_data(text.get_transform(), axes):
                yield np.array([text.get_position()], dtype="float64")


def _seen(artists) -> list[Artist]:
    return [artist for artist in artists if artist.get_visible()]


def _each(points) -> Iterator[np.ndarray]:
    """Points (n × 2) one by one; masked ones are no numbers."""
    points = np.ma.filled(np.ma.asarray(points, dtype="float64"), np.nan)
    return (points[number : number + 1] for number in range(len(points)))


def _is_data(transform: Transform, axes: Axes) -> bool:
    """Whether both coordinates are data: a line across all the axes has one alone."""
    return all(transform.contains_branch_seperately(axes.transData))
