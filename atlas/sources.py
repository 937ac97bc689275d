"""
Digest and date of the data each page was drawn from.

The digest covers the rows inside the page's frame, the findings it prints and the rulebook: a
changed digest is a line in the list of changes. `request_digest` covers what the office asked for;
with both equal, a page need not be drawn again.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.sheet import AtlasContext, PagePlan
from atlas.sheets.estate_map import estate_view

TEMPLATE = "2026-11-30.6"
"""Changes whenever the drawing of a sheet changes."""


@dataclass(frozen=True, slots=True)
class PageInputs:
    """What a page shows: digest of its inputs, and the latest date of its data (ISO 8601)."""

    digest: str
    data_date: str


def page_inputs(context: AtlasContext, page_plan: PagePlan) -> PageInputs:
    """Return the digest and the latest data date of what a page shows."""
    base = _estate_inputs(_Key(context), page_plan.estate_id)
    facts = (
        TEMPLATE,
        page_plan.key,
        page_plan.title,
        page_plan.number,
        base.digest,
        page_plan.basis,
    )
    return PageInputs(hashlib.sha256(repr(facts).encode()).hexdigest(), base.data_date)


@dataclass(frozen=True, eq=False)
class _Key:
    """A context, compared by identity of its tables: the inputs of an estate are digested once."""

    context: AtlasContext

    def __hash__(self) -> int:
        return hash((id(self.context.district), id(self.context.findings), self.context.request))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key):
            return False
        mine, theirs = self.context, other.context
        return (
            mine.district is theirs.district
            and mine.findings is theirs.findings
            and mine.request == theirs.request
            and mine.book is theirs.book
        )


@lru_cache(maxsize=4096)
def _estate_inputs(key: _Key, estate_id: str) -> PageInputs:
    """Return the inputs of the sheets of one estate, or with "" of the general sheets."""
    context = key.context
    digest = hashlib.sha256(context.book.version.encode())
    dates: list[str] = []
    if estate_id:
        window = shapely.box(*estate_view(context, estate_id).bounds)
        for name, rows in _row_index(key).items():
            if name in ("towns", "estates"):
                chosen = np.arange(len(rows.dates))
            else:
                chosen = np.sort(rows.tree.query(window))
            digest.update(name.encode() + rows.digests(chosen))
            dates += [str(max(rows.dates[chosen]))] if len(chosen) else []
    else:
        digest.update(context.district.version.encode())
        dates.append(str(context.district.data_date or ""))
    findings = _finding_digests(key)
    for estate in (estate_id,) if estate_id else context.estates["estate_id"]:
        digest.update(findings.get(estate, b""))
    return PageInputs(digest.hexdigest(), max(dates, default=""))


@dataclass(frozen=True)
class _Rows:
    """Rows of a layer: values, geometries, dates, and digests, computed when first needed."""

    values: Sequence[tuple[object, ...]]
    shapes: NDArray[np.object_]
    dates: NDArray[np.str_]
    known: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "_Rows":
        columns = [frame[name].tolist() for name in frame.columns if name != "geometry"]
        dates = frame["source_date"].fillna("").astype(str).to_numpy("U10")
        shapes = np.asarray(frame["geometry"].array, dtype=object)
        return cls(list(zip(*columns, strict=True)), shapes, dates)

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def digests(self, chosen: NDArray[np.intp]) -> bytes:
        """Return a digest of 16 bytes for each row, its values and coordinates, end to end."""
        rows = chosen.tolist()
        new = [row for row in rows if row not in self.known]
        for row, shape in zip(new, shapely.to_wkb(self.shapes[new], byte_order=1), strict=True):
            text = repr(self.values[row]).encode("utf-8", "replace")
            self.known[row] = hashlib.blake2b(text + (shape or b""), digest_size=16).digest()
        return b"".join([self.known[row] for row in rows])


@lru_cache(maxsize=2)
def _row_index(key: _Key) -> dict[str, _Rows]:
    """Return the rows that some estate's sheets show: of a large district a small part."""
    context = key.context
    windows = [estate_view(context, estate).window for estate in context.estates["estate_id"]]
    index = {}
    for name in context.district.frames:
        frame = context.district[name]
        if name not in ("towns", "estates"):
            _, tree = context.feature_source.layer(name)
            frame = frame.iloc[np.unique(tree.query(windows)[1])]
        index[name] = _Rows.of(frame)
    return index


@lru_cache(maxsize=2)
def _finding_digests(key: _Key) -> dict[str, bytes]:
    findings = key.context.own_findings.sort_values("finding_id", kind="stable")
    rows = _Rows.of(findings.assign(source_date=""))
    return {
        str(estate): rows.digests(np.sort(places))
        for estate, places in findings.groupby("estate_id").indices.items()
    }


def request_digest(context: AtlasContext) -> str:
    """Return a digest of the request, of files by their content, and of the estates it covers."""
    request = context.request
    fields = {
        field.name: getattr(request, field.name)
        for field in dataclasses.fields(request)
        if field.name not in ("estates", "font", "style")
    }
    fields["confirmed"] = sorted(request.confirmed)
    files = [_file_digest(path) for path in (request.font, request.style) if path is not None]
    town = {key: context.town_of(key) for key in context.estates["estate_id"]}
    facts = (TEMPLATE, sorted(fields.items()), files, sorted(town.items()))
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
