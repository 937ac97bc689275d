"""
Sources: what a page was drawn from, as a digest and a date.

The digest covers the rows inside the page's frame, the findings it prints and what the office asked
for. Pages with equal digests are equal; a changed digest is a line in the list of changes.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.sheet import Leaf, Material
from atlas.sheets.estate_map import estate_view
from layers.district import frame_digest

TEMPLATE = "2026-11"
"""Changes whenever the drawing of a sheet changes."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a page shows: digest of its inputs, and the latest date of its data (ISO 8601)."""

    digest: str
    data_date: str


def origin_of(material: Material, leaf: Leaf) -> Origin:
    """Return the origin of a page."""
    base = _estate_origin(_Key(material), leaf.estate_id)
    facts = (TEMPLATE, leaf.key, leaf.title, leaf.number, base.digest)
    return Origin(hashlib.sha256(repr(facts).encode()).hexdigest(), base.data_date)


@dataclass(frozen=True, eq=False)
class _Key:
    """A material, comparable by identity of its tables, so that origins are computed once."""

    material: Material

    def __hash__(self) -> int:
        return hash((id(self.material.district), id(self.material.findings), self.material.request))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key):
            return False
        mine, theirs = self.material, other.material
        return (
            mine.district is theirs.district
            and mine.findings is theirs.findings
            and mine.request == theirs.request
            and mine.book is theirs.book
        )


@lru_cache(maxsize=64)
def _estate_origin(key: _Key, estate_id: str) -> Origin:
    """Digest what the sheets of one estate, or with "" the general sheets, are drawn from."""
    material = key.material
    digest = hashlib.sha256(_request_text(material).encode())
    digest.update(material.book.version.encode())
    findings = material.findings
    if estate_id:
        frames = {name: _near(material, estate_id, name) for name in material.district.frames}
        findings = findings[findings["estate_id"] == estate_id]
    else:
        frames = dict(material.district.frames)
        findings = findings[findings["estate_id"].isin(list(material.estates["estate_id"]))]
    for name, frame in frames.items():
        digest.update(name.encode() + frame_digest(frame))
    digest.update(frame_digest(findings.sort_values("finding_id", kind="stable")))
    dates = pd.concat([frame["source_date"] for frame in frames.values()]).dropna()
    return Origin(digest.hexdigest(), str(dates.max()) if len(dates) else "")


def _near(material: Material, estate_id: str, layer: str) -> gpd.GeoDataFrame:
    """Return the rows of a layer that an estate's frame shows; its locator shows towns and estates."""
    frame = material.district[layer]
    if layer in ("towns", "estates"):
        return frame
    window = shapely.box(*estate_view(material, estate_id).bounds)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    return frame[shapely.intersects(shapes, window)]


def _request_text(material: Material) -> str:
    """Spell the request out, files by their content."""
    request = material.request
    fields = {
        field.name: getattr(request, field.name)
        for field in dataclasses.fields(request)
        if field.name not in ("estates", "font", "style")
    }
    fields["confirmed"] = sorted(request.confirmed)
    files = [_file_digest(path) for path in (request.font, request.style) if path is not None]
    town = {key: material.town_of(key) for key in material.estates["estate_id"]}
    return repr((sorted(fields.items()), files, sorted(town.items())))


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
