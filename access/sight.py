"""What of a district somebody may see: layers and rows that are not theirs leave it first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd

import layers
from layers.district import District
from store.journal_entry import JournalEntry

_PIPELINES: Final = "pipelines"


@dataclass(frozen=True, slots=True)
class Sight:
    """
    What of a district somebody sees; equal sights share what is cached, others never do.

    Attributes
    ----------
    towns : frozenset of str, optional
        Ids of the towns whose estates are seen; None for all estates.
    pipe_kinds : frozenset of str, optional
        Kinds of the pipelines that are seen, codes of CJJ 61; None for all.
    """

    towns: frozenset[str] | None = None
    pipe_kinds: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.towns is None and self.pipe_kinds is None

    @property
    def key(self) -> str:
        """The sight as a text, another one for another sight."""
        own = (self.towns, self.pipe_kinds)
        return " ".join("*" if some is None else json.dumps(sorted(some)) for some in own)

    @property
    def has_pipelines(self) -> bool:
        """Whether any pipelines are seen."""
        return self.pipe_kinds is None or bool(self.pipe_kinds)


WHOLE: Final = Sight()
"""The whole district."""


def visible(district: District, sight: Sight) -> District:
    """
    Return what of a district is seen.

    Pipelines of which not all are seen count as not surveyed: what they would decide is unknown.
    Rows that belong to an estate that is not seen go with it, and layers of a later build go, too,
    since nobody can say what is in them. The content differs, and so does the version.

    Parameters
    ----------
    district : District
        All of it.
    sight : Sight
        What is seen.
    """
    if sight.is_whole:
        return district
    kept = dict(district.frames)
    if sight.pipe_kinds is not None:
        pipes = kept[_PIPELINES]
        kept[_PIPELINES] = pipes[pipes["kind"].isin(list(sight.pipe_kinds))]
    if sight.towns is not None:
        estates = kept["estates"]
        kept["estates"] = estates[estates["town_id"].isin(list(sight.towns))]
        kept = _without_orphans(kept)
    changed = {
        name: frame.reset_index(drop=True)
        for name, frame in kept.items()
        if len(frame) != len(district.frames[name])
    }
    hidden = frozenset() if sight.pipe_kinds is None else frozenset({_PIPELINES})
    seen = district.sharing(
        changed, surveyed=district.surveyed - hidden, surveyed_kinds=district.surveyed_kinds
    )
    plan = district.plan if sight.towns is None else ""  # its totals are of all estates
    return replace(seen, plan=plan, unknown_frames={})


def _without_orphans(frames: Mapping[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Return the frames without rows that refer to a row that is not there, until none does."""
    kept, before = dict(frames), -1
    while before != (before := sum(map(len, kept.values()))):
        kept = {name: _resolved(name, rows, kept) for name, rows in kept.items()}
    return kept


def _resolved(
    name: str, rows: gpd.GeoDataFrame, frames: Mapping[str, gpd.GeoDataFrame]
) -> gpd.GeoDataFrame:
    """Return the rows of a layer whose references, where they have any, are in `frames`."""
    for column in layers.ALL[name].columns:
        if column.refers_to:
            known = frames[column.refers_to][layers.ALL[column.refers_to].key]
            rows = rows[rows[column.name].isna() | rows[column.name].isin(known)]
    return rows


def visible_entry(entry: JournalEntry, sight: Sight) -> JournalEntry:
    """Return an entry, without what it says of rows and in words unless all rows are seen."""
    if sight.is_whole:
        return entry
    own = replace(entry, edit={}, counts={}, payload={}, blobs=())
    return replace(own, why="", subject="", name="", source="", facts={})
