"""Natural Earth, first-order administrative units (1:10 million) → the table `boundaries`.

The units are those before Mali's reform of 2023 and Burkina Faso's of 2025, as in the data on
deaths. For Burkina Faso, Natural Earth draws provinces: they are merged to the regions they belong
to, by dropping the edges that two of them share.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.files.opening import json_rows
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

Point = tuple[float, float]
Ring = list[Point]

# Natural Earth's names → those of the table `deaths`.
ADMIN1 = {
    ("BFA", "Centre-Est"): "Centre Est",
    ("BFA", "Centre-Nord"): "Centre Nord",
    ("BFA", "Centre-Ouest"): "Centre Ouest",
    ("BFA", "Centre-Sud"): "Centre Sud",
    ("BFA", "Hauts-Bassins"): "Hauts Bassins",
    ("MLI", "Ségou"): "Segou",
    ("MLI", "Timbuktu"): "Tombouctou",
}
# Countries whose units are provinces, with the first-order unit in column `region`.
_PROVINCES = frozenset({"BFA"})
_DECIMALS = 3


def build_boundaries(opened: Opened, options: Options) -> Built:
    """Outlines of first-order units, one row a unit.

    Coordinates are degrees (WGS 84), longitude first, rounded to three decimals (about 100 m).

    Parameters
    ----------
    opened : Opened
        GeoJSON of the units, with Natural Earth's properties.
    options : Options
        The release is the vintage; the file does not tell it.

    Raises
    ------
    TableProblems
        With every unit of the region that lacks a name or a polygon.
    Refusal
        If the file is no GeoJSON, or holds no country of the gazetteer.
    """
    if opened.form != "geojson":
        raise Refusal(f"{opened.name}: expected GeoJSON, found {opened.form}. Choose that file.")
    checks = Checks(opened, ["adm0_a3", "name"], ["iso_3166_2", "region", "type_en"])
    cells = checks.frame.reindex(columns=["adm0_a3", "name", "iso_3166_2", "region", "type_en"])
    shapes = [row.get("geometry") for row in json_rows(opened.path.name, opened.content)]
    units = cells.assign(geometry=pd.Series(shapes, index=cells.index, dtype="object"))
    ours = units["adm0_a3"].isin(list(GLEDITSCH_WARD))
    merged = units["adm0_a3"].isin(_PROVINCES)
    units["name"] = units["region"].where(merged, units["name"])
    checks.fault("name", ours & ~merged & units["name"].isna(), "a name")
    if merged.any():
        checks.fault("region", merged & units["name"].isna(), "a region", cells=units["region"])
    polygons = units["geometry"].map(_is_polygon)
    checks.fault(
        "geometry", ours & ~polygons, "a polygon with closed rings",
        cells=pd.Series("another shape or none", units.index),
    )  # fmt: skip
    units = checks.finish(units, options.skip_bad_rows)
    units = units[units["adm0_a3"].isin(list(GLEDITSCH_WARD))]
    if units.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    rows = [
        _unit(country, name, group) for (country, name), group in units.groupby(["adm0_a3", "name"])
    ]
    frame = pd.DataFrame(rows).sort_values(["country", "admin1"], ignore_index=True)
    counts = ", ".join(
        f"{each} {n}" for each, n in frame["country"].value_counts().sort_index().items()
    )
    notes = [f"First-order units: {counts}, from {len(units)} units of the file."]
    declaration = {**_declaration(frame, options.vintage), "skipped_rows": checks.skipped}
    return Built("boundaries", frame, declaration, notes)


def _unit(country: str, name: str, parts: pd.DataFrame) -> dict:
    alone = len(parts) == 1
    kinds = parts["type_en"].dropna().unique()
    kind = kinds[0].casefold() if len(kinds) == 1 else None
    return {
        "country": country,
        "admin1": ADMIN1.get((country, name), name),
        "source_name": name,
        "iso_3166_2": parts["iso_3166_2"].iloc[0] if alone and country not in _PROVINCES else None,
        "area_class": "region" if country in _PROVINCES else kind,
        "parts": len(parts),
        "geometry": _wkt(outline(parts["geometry"])),
    }


def outline(geometries: Iterable[dict]) -> list[list[Ring]]:
    """The polygons that GeoJSON geometries cover together, each as its rings, the outer one first.

    Outer rings run counter-clockwise and holes clockwise. An edge that two geometries share runs
    once in either direction and is dropped; they must share its vertices, as Natural Earth's do.
    """
    edges: dict[tuple[Point, Point], int] = defaultdict(int)
    for geometry in geometries:
        for ring in _rings(geometry):
            for edge in zip(ring, [*ring[1:], ring[0]], strict=True):
                if edges[edge[::-1]]:
                    edges[edge[::-1]] -= 1
                else:
                    edges[edge] += 1
    rings = list(_chain([edge for edge, count in edges.items() for _ in range(count)]))
    outer = sorted((ring for ring in rings if _area(ring) > 0), key=_area)
    polygons = [[ring] for ring in outer]
    for hole in (ring for ring in rings if _area(ring) < 0):
        around = (polygon for polygon in polygons if _inside(_middle(hole), polygon[0]))
        next(around, polygons[-1]).append(hole)
    return sorted(polygons, key=lambda polygon: -_area(polygon[0]))


def _is_polygon(geometry: object) -> bool:
    """Whether it is a GeoJSON polygon, or several, with closed rings of degrees."""
    try:
        points = [point for polygon in _polygons(geometry) for ring in polygon for point in ring]
        closed = all(
            len(ring) > 3 and ring[0] == ring[-1]
            for polygon in _polygons(geometry)
            for ring in polygon
        )
        return closed and bool(points) and all(
            abs(float(point[0])) <= 180 and abs(float(point[1])) <= 90 for point in points
        )  # fmt: skip
    except (KeyError, IndexError, TypeError, ValueError):
        return False


def _polygons(geometry: dict) -> list:
    kind = geometry["type"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(kind)
    return [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]


def _rings(geometry: dict) -> Iterator[Ring]:
    """Rounded rings without the closing point, outer ones counter-clockwise."""
    for polygon in _polygons(geometry):
        for place, points in enumerate(polygon):
            # Adding zero takes the sign from a zero.
            rounded = [
                (round(x, _DECIMALS) + 0.0, round(y, _DECIMALS) + 0.0) for x, y, *_ in points
            ]
            ring = [point for point, after in pairwise(rounded) if point != after]
            if len(ring) > 2:
                yield ring if (_area(ring) > 0) == (place == 0) else ring[::-1]


def _chain(edges: list[tuple[Point, Point]]) -> Iterator[Ring]:
    """The edges put together to rings that pass no point twice."""
    following: dict[Point, list[Point]] = defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    while following:
        path = [next(iter(following))]
        while path[-1] in following:
            end = following[path[-1]].pop()
            if not following[path[-1]]:
                del following[path[-1]]
            if end in path:
                start = path.index(end)
                yield path[start:]
                path = path[: start + 1]
            else:
                path.append(end)


def _area(ring: Ring) -> float:
    """Signed area in square degrees, positive if counter-clockwise."""
    after = [*ring[1:], ring[0]]
    return sum(x * b - a * y for (x, y), (a, b) in zip(ring, after, strict=True)) / 2


def _middle(ring: Ring) -> Point:
    (x, y), (a, b) = ring[:2]
    return (x + a) / 2, (y + b) / 2


def _inside(point: Point, ring: Ring) -> bool:
    x, y = point
    crossings = 0
    for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b):
            crossings += 1
    return crossings % 2 == 1


def _wkt(polygons: list[list[Ring]]) -> str:
    texts = [
        "(" + ", ".join(
            "(" + ", ".join(f"{x:g} {y:g}" for x, y in [*ring, ring[0]]) + ")" for ring in polygon
        ) + ")"
        for polygon in polygons
    ]  # fmt: skip
    return f"POLYGON {texts[0]}" if len(texts) == 1 else f"MULTIPOLYGON ({', '.join(texts)})"


def _declaration(frame: pd.DataFrame, vintage: str | None) -> dict:
    countries = sorted(frame["country"].unique())
    return {
        "title": "Outlines of first-order administrative units",
        "description": (
            "Polygons of first-order units for maps, before Mali's reform of 2023 and Burkina "
            "Faso's of 2025, with the names of the table of deaths. Lines are drawn for maps of "
            "countries; they take no side in any dispute over a border."
        ),
        "producer": "Natural Earth (1:10 million); merged and rounded by Sahel Transitions",
        "citation": ["natural_earth"],
        "licence": "public-domain",
        "redistribution": True,
        "vintage": vintage or "1:10 million (release not stated)",
        # The day of version 5.1, the last to date.
        "vintage_released": "2022-05-13",
        "coverage": {},
        "grain": ["country", "admin1"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3", "allowed": countries},
            "admin1": {"type": "text", "meaning": "Name as in the table of deaths, where that has "
                       "the unit; else as in the source"},
            "source_name": {"type": "text", "meaning": "Name as in the source"},
            "iso_3166_2": {"type": "text", "pattern": "[A-Z]{2}-[A-Z0-9~]+",
                           "meaning": "Code of the unit (ISO 3166-2) as in the source",
                           "missing": "Merged from units with codes of their own, or without one"},
            "area_class": {"type": "text", "meaning": "Kind of unit: region, district, …",
                           "missing": "Not told by the source"},
            "parts": {"type": "integer", "unit": "units", "minimum": 1,
                      "meaning": "Units of the source that were merged"},
            "geometry": {"type": "text", "meaning": "Polygon (WKT) in degrees, longitude first, "
                         "WGS 84, rounded to three decimals",
                         "pattern": r"(?:MULTI)?POLYGON [\d(), .-]+"},
        },
        "warnings": ["boundaries_before_reforms"],
    }  # fmt: skip


NATURAL_EARTH = Source(
    name="natural-earth",
    title="Natural Earth, first-order administrative units",
    signatures=(
        frozenset({"adm0_a3", "adm1_code", "admin", "iso_3166_2", "name", "region", "geometry"}),
    ),
    build=build_boundaries,
)
