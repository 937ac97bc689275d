"""What surveyors wrote down of a unit's shaft, which wins over the drawing, and what nobody did."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from layers import ALL
from lifts.conditions import Effect, conditions, joined
from lifts.placing import Candidates
from lifts.stair_units import StairUnits
from rules.context import EvaluationContext
from rules.lacking import Lacking
from rules.model import Book
from wording import LANGUAGES, say

DECISIVE = ("buildings", "fire_lanes", "pipelines")
"""Layers without which no place is feasible: what they hold may block it or cost most."""

LOOKED_AT = ("trees", "poles", "overhead_lines", "walls", "paving")
"""Layers without which a place has to be looked at on the ground first."""

_AT_THE_DOOR = ("front", "left", "right")
_MEASURED = {
    "shaft_lane_m": ("lift.siting.fire_lane", "fire_lane", Effect.BLOCKS),
    "shaft_opposite_m": ("lift.siting.opposite_building", "opposite", Effect.ASKS),
    "shaft_window_m": ("lift.siting.window", "window", Effect.ASKS),
}
"""Column of the survey: the rule it is held against, the check it decides, what failing means."""

_BEDROOM = "lift.siting.bedroom_adjacent"
_ENVELOPE = "lift.siting.envelope"


def never_surveyed(
    context: EvaluationContext, estate: IntArray, places: Candidates
) -> Iterator[gpd.GeoDataFrame]:
    """
    Yield what nobody looked for in the estates of places.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.
    estate : ndarray of int64, shape (k,)
        Position of each place's estate.
    places : Candidates
        k places.
    """
    for layer in (*DECISIVE, *LOOKED_AT):
        lacks = np.flatnonzero(Lacking(context).unsurveyed(layer)[estate]).astype(np.int64)
        spec = ALL[layer]
        yield conditions(
            "lacking",
            Effect.UNKNOWN if layer in DECISIVE else Effect.VERIFY,
            lacks,
            places.envelope[lacks],
            context.book.lifts,
            layer=layer,
            object_zh=spec.label("zh"),
            object_en=spec.label("en"),
        )


def surveyed_over_drawn(
    units: StairUnits, book: Book, places: Candidates, drawn: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Return conditions in which what surveyors wrote down replaces what was measured on the map.

    A surveyed figure is about the door's side. Where it decides, its note names what the map says.

    Parameters
    ----------
    units : StairUnits
        n stair units.
    book : Book
        Whose clauses ask it.
    places : Candidates
        k places.
    drawn : geopandas.GeoDataFrame
        Their conditions as measured.
    """
    at_door = np.isin(places.position, _AT_THE_DOOR)
    parts, keep = [], np.ones(len(drawn), dtype=np.bool_)
    for column, (_, check, _) in _MEASURED.items():
        value = units.table[column].to_numpy(dtype=np.float64)[places.unit]
        is_surveyed = at_door & ~np.isnan(value)
        of = drawn["candidate"].to_numpy(dtype=np.int64)
        own = (drawn["check"] == check).to_numpy() & is_surveyed[of]
        keep &= ~own
        on_map = drawn[own].groupby("candidate")["measured"].min()
        surveyed = np.where(is_surveyed, value, np.nan)
        parts.append(_failing(units, book, places, column, surveyed, on_map))
    parts += [_bedroom(units, book, places, at_door), *_too_small(units, book, places, at_door)]
    return joined([drawn[keep], *parts])


def _failing(
    units: StairUnits,
    book: Book,
    places: Candidates,
    column: str,
    surveyed: FloatArray,
    on_map: pd.Series,
) -> gpd.GeoDataFrame:
    """Return the places at which a surveyed figure is below what its rule asks."""
    rule_id, check, effect = _MEASURED[column]
    rule = book.by_id[rule_id]
    failing = np.flatnonzero(surveyed < rule.threshold).astype(np.int64)
    drawn = on_map.reindex(failing).to_numpy()
    notes = {
        f"note_{side}": ["" if np.isnan(m) else say("lifts.drawn", side, m=m) for m in drawn]
        for side in LANGUAGES
    }
    return conditions(
        check,
        effect,
        failing,
        places.envelope[failing],
        rule,
        layer="units",
        object_id=_ids(units, places, failing),
        **_label(column),
        **notes,
        measured=surveyed[failing],
        required=rule.threshold,
    )


def _bedroom(
    units: StairUnits, book: Book, places: Candidates, at_door: BoolArray
) -> gpd.GeoDataFrame:
    beside = (units.table["shaft_beside_bedroom"] == True).fillna(value=False)  # noqa: E712
    failing = np.flatnonzero(at_door & beside.to_numpy(dtype=bool)[places.unit]).astype(np.int64)
    return conditions(
        "bedroom",
        Effect.ASKS,
        failing,
        places.envelope[failing],
        book.by_id[_BEDROOM],
        layer="units",
        object_id=_ids(units, places, failing),
        **_label("shaft_beside_bedroom"),
    )


def _too_small(
    units: StairUnits, book: Book, places: Candidates, at_door: BoolArray
) -> Iterator[gpd.GeoDataFrame]:
    """Yield places whose shaft is larger than the free ground that was surveyed."""
    sizes = book.lifts.shafts
    for column, of in (("shaft_width_m", "width_m"), ("shaft_depth_m", "depth_m")):
        needed = np.array([getattr(size, of) for size in sizes])[places.size]
        free = units.table[column].to_numpy(dtype=np.float64)[places.unit]
        failing = np.flatnonzero(at_door & (free < needed)).astype(np.int64)
        yield conditions(
            "free_ground",
            Effect.BLOCKS,
            failing,
            places.envelope[failing],
            book.by_id[_ENVELOPE],
            layer="units",
            object_id=_ids(units, places, failing),
            **_label(column),
            measured=free[failing],
            required=needed[failing],
        )


def _ids(units: StairUnits, places: Candidates, which: IntArray) -> ObjectArray:
    ids: ObjectArray = units.table["unit_id"].to_numpy(dtype=object)[places.unit[which]]
    return ids


def _label(column: str) -> dict[str, str]:
    own = ALL["units"].column(column)
    return {f"object_{side}": own.label(side) for side in LANGUAGES}
