"""
Sources: what a page was drawn from, as a digest and a date.

The digest covers the rows inside the page's frame, the findings it prints and the rulebook: a
changed digest is a line in the list of changes. `request_digest` covers what the office asked for;
with both equal, a page need not be drawn again.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.sheet import Leaf, Material
from atlas.sheets.estate_map import estate_view

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


@lru_cache(maxsize=256)
def _estate_origin(key: _Key, estate_id: str) -> Origin:
    """Digest what the sheets of one estate, or with "" the general sheets, are drawn from."""
    material = key.material
    digest = hashlib.sha256(material.book.version.encode())
    window = shapely.box(*estate_view(material, estate_id).bounds) if estate_id else None
    dates: list[str] = []
    for name, rows in _row_index(key).items():
        near = window is not None and name not in ("towns", "estates")
        chosen = np.sort(rows.tree.query(window)) if near else np.arange(len(rows.digests))
        digest.update(name.encode() + rows.digests[chosen].tobytes())
        dates += [str(max(rows.dates[chosen]))] if len(chosen) else []
    findings = _finding_digests(key)
    for estate in (estate_id,) if estate_id else material.estates["estate_id"]:
        digest.update(findings.get(estate, b""))
    return Origin(digest.hexdigest(), max(dates, default=""))


@dataclass(frozen=True)
class _Rows:
    """A layer's rows: a digest and a date each, and where they lie."""

    digests: NDArray[np.void]
    dates: NDArray[np.str_]
    tree: shapely.STRtree


@lru_cache(maxsize=2)
def _row_index(key: _Key) -> dict[str, _Rows]:
    return {
        name: _Rows(
            row_digests(frame),
            frame["source_date"].fillna("").astype(str).to_numpy("U10"),
            shapely.STRtree(np.asarray(frame.geometry.array, dtype=object)),
        )
        for name, frame in key.material.district.frames.items()
    }


@lru_cache(maxsize=2)
def _finding_digests(key: _Key) -> dict[str, bytes]:
    findings = key.material.findings.sort_values("finding_id", kind="stable")
    parts: dict[str, list[bytes]] = {}
    for estate, digest in zip(findings["estate_id"], row_digests(findings), strict=True):
        parts.setdefault(estate, []).append(bytes(digest))
    return {estate: b"".join(digests) for estate, digests in parts.items()}


def row_digests(frame: gpd.GeoDataFrame) -> NDArray[np.void]:
    """Return a digest of 16 bytes for each row: its values and coordinates."""
    columns = [frame[name].astype(object).tolist() for name in frame.columns if name != "geometry"]
    shapes = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1)
    rows = zip(zip(*columns, strict=True), shapes, strict=True)
    digests = [
        hashlib.blake2b(repr(values).encode("utf-8", "replace") + (shape or b""), digest_size=16)
        for values, shape in rows
    ]
    return np.array([digest.digest() for digest in digests], dtype="V16")


def request_digest(material: Material) -> str:
    """Return a digest of the request, of files by their content, and of the estates it covers."""
    request = material.request
    fields = {
        field.name: getattr(request, field.name)
        for field in dataclasses.fields(request)
        if field.name not in ("estates", "font", "style")
    }
    fields["confirmed"] = sorted(request.confirmed)
    files = [_file_digest(path) for path in (request.font, request.style) if path is not None]
    town = {key: material.town_of(key) for key in material.estates["estate_id"]}
    facts = (TEMPLATE, sorted(fields.items()), files, sorted(town.items()))
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
