"""
Changes to a design: what one planting was and what it becomes; applied, undone, written down.

A change is its own opposite: `change.undone()` takes it back exactly, and both are plain values,
so the record can replay them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError
from greening.workflow import Event, Kind, species_named
from layers.district import District

FIELDS = (
    "kind",
    "species_id",
    "caliper_cm",
    "height_m",
    "crown_m",
    "state",
    "design_east_m",
    "design_north_m",
)
"""Columns of `layers.plantings` a change may touch, besides the position."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    One planting before and after.

    Attributes
    ----------
    planting_id : str
        Which.
    before, after : mapping of str to value
        `east_m`, `north_m` and `FIELDS`; None unknown.
    """

    planting_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def undone(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(self.planting_id, self.after, self.before)


def states_of(plantings: gpd.GeoDataFrame) -> dict[str, dict[str, Any]]:
    """
    Return what a change may touch of every planting, by planting id.

    Parameters
    ----------
    plantings : geopandas.GeoDataFrame
        The layer.
    """
    fields = plantings[list(FIELDS)].astype(object)
    known = fields.where(fields.notna(), None).to_numpy(dtype=object).tolist()
    places = zip(plantings.geometry.x.tolist(), plantings.geometry.y.tolist(), strict=True)
    return {
        name: {"east_m": east, "north_m": north, **dict(zip(FIELDS, row, strict=True))}
        for name, (east, north), row in zip(plantings["planting_id"], places, known, strict=True)
    }


def taken_out(plantings: gpd.GeoDataFrame) -> list[Change]:
    """Return the changes that take plantings out of the design."""
    return [
        Change(name, before, {**before, "state": "removed"})
        for name, before in states_of(plantings).items()
    ]


def apply_changes(district: District, changes: Sequence[Change]) -> District:
    """
    Return the district with `changes` made, in order; nothing else differs.

    Raises
    ------
    DataError
        If a planting is not in the state its change starts from: someone was there first.
    """
    changed, refused = _made(district, changes)
    if refused:
        name = refused[0].planting_id
        raise DataError(f"planting {name} was changed meanwhile", f"栽植点 {name} 已被他人修改")
    return changed


def _made(district: District, changes: Sequence[Change]) -> tuple[District, tuple[Change, ...]]:
    """Make the changes that fit; return the district and the changes that do not."""
    found = states_of(district["plantings"]) if changes else {}
    states: dict[str, dict[str, Any]] = {}
    refused = []
    for change in changes:
        name = change.planting_id
        if found.get(name) == dict(change.before):
            states[name] = found[name] = dict(change.after)
        else:
            refused.append(change)
    return (_with_states(district, states) if states else district), tuple(refused)


def _with_states(district: District, states: Mapping[str, Mapping[str, Any]]) -> District:
    """Return the district with plantings put into `states`."""
    layer = district["plantings"]
    rows = {name: place for place, name in enumerate(layer["planting_id"])}
    places = [rows[name] for name in states]
    after = pd.DataFrame(list(states.values()), columns=["east_m", "north_m", *FIELDS])
    changed = layer.copy()
    for name in FIELDS:
        column = layer[name].astype(object)
        column.iloc[places] = after[name].astype(object)
        changed[name] = column.where(column.notna(), None).astype(layer[name].dtype)
    shapes = np.asarray(layer.geometry.array, dtype=object).copy()
    shapes[places] = shapely.points(after["east_m"].tolist(), after["north_m"].tolist())
    changed["geometry"] = gpd.GeoSeries(shapes, index=layer.index, crs=district.crs)
    return district.with_frames(plantings=changed)


def payload_of(changes: Sequence[Change]) -> dict[str, Any]:
    """Return changes as the plain JSON values of an event's payload."""
    return {
        "changes": [
            {"planting_id": c.planting_id, "before": dict(c.before), "after": dict(c.after)}
            for c in changes
        ]
    }


def as_recorded(district: District, events: Sequence[Event]) -> tuple[District, tuple[Change, ...]]:
    """
    Make every recorded change, in order.

    A species that was named after a change is taken as named in it too.

    Returns
    -------
    District
        The design as the record left it.
    tuple of Change
        Those that no longer fit, because the design came in anew since they were recorded; they
        are not made.
    """
    named = species_named(events)
    recorded = [
        Change(
            entry["planting_id"], *(_as_named(entry[side], named) for side in ("before", "after"))
        )
        for event in events
        if event.draft.kind is Kind.CHANGE
        for entry in event.draft.payload["changes"]
    ]
    return _made(district, recorded)


def _as_named(state: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    written = state.get("species_id")
    return {**state, "species_id": named.get(str(written), written)}
