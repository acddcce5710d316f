"""Which labels of a drawn figure touch each other or leave the picture, as a reader would see it."""

from matplotlib.backends.backend_agg import FigureCanvasAgg


def touching_labels(figure) -> list[tuple[str, str]]:
    """Pairs of texts that cover one another."""
    renderer = _renderer(figure)
    boxes = [
        (text.get_text(), text.get_window_extent(renderer).padded(-1.5))
        for text in visible_texts(figure.canvas)
    ]
    return [
        (one, other)
        for position, (one, box) in enumerate(boxes)
        for other, second in boxes[position + 1 :]
        if box.overlaps(second)
    ]


def labels_outside(figure) -> list[str]:
    """Texts that are cut off at the edge of the picture."""
    renderer, whole = _renderer(figure), figure.canvas.bbox.padded(1)
    found = []
    for text in visible_texts(figure.canvas):
        box = text.get_window_extent(renderer)
        if not (whole.contains(box.x0, box.y0) and whole.contains(box.x1, box.y1)):
            found.append(text.get_text())
    return found


def visible_texts(canvas) -> list:
    """Every text that a reader sees; ticks outside the limits of an axis are not drawn."""
    found = [*canvas.texts, *(text for legend in canvas.legends for text in legend.get_texts())]
    for axes in canvas.axes:
        if not axes.axison:
            continue
        found += [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            found += [
                label
                for tick in axis._update_ticks()
                for label in (tick.label1, tick.label2)
                if label.get_visible() and label.get_text()
            ]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _renderer(figure):
    figure.lay_out()
    figure.canvas.draw_without_rendering()
    return FigureCanvasAgg(figure.canvas).get_renderer()
