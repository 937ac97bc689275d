"""The clearance check: every subject against every obstacle near it, measured exactly."""

import geopandas as gpd
import numpy as np
import pandas as pd

from clearances.features import Subjects
from clearances.surroundings import Surroundings
from clearances.verdict import ClearanceVerdict, verdicts
from geo.arrays import FloatArray, IndexArray, ObjectArray
from geo.clearance import TOLERANCE_M, Clearances, clearances, dimension_lines, shortfall
from wording import Text

COLUMNS = (
    "subject",
    "object",
    "verdict",
    "distance_m",
    "required_m",
    "difference_cm",
    "accuracy_m",
    "source_id",
    "clause",
    "verified",
    "object_layer",
    "object_id",
    "object_zh",
    "object_en",
    "note_zh",
    "note_en",
)
"""Columns of the pairs; `subject` and `object` are positions."""


def check_pairs(subjects: Subjects, around: Surroundings) -> gpd.GeoDataFrame:
    """
    Check subjects against the obstacles around them.

    Parameters
    ----------
    subjects : Subjects
        n subjects, of classes that `around` was gathered for.
    around : Surroundings
        k obstacles.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a subject and object near each other, columns `COLUMNS`, by subject and worst
        first; distances [m] from edge to edge, `difference_cm` below 0 where too close. The
        geometry is the dimension line. A crown that counts is part of what is required.
    """
    near = clearances(
        subjects.geometry,
        around.geometry,
        around.reach_m(float(np.nan_to_num(subjects.crown_m).max(initial=0.0))),
        around.half_width_m,
        subjects.radius_m,
    )
    row = np.array([around.subject_classes.index(one) for one in subjects.classes], dtype=np.intp)
    judged = _judged(subjects, around, near, row[subjects.class_of])
    beyond = judged["distance_m"] - judged["required_m"]
    # A pair without a requirement has NaN, and is not listed.
    listed = (beyond <= np.fmax(judged["accuracy_m"], around.look_m) + TOLERANCE_M).to_numpy()
    near, judged = near.where(listed), judged[listed].reset_index(drop=True)
    lines = dimension_lines(
        subjects.geometry, around.geometry, near, around.half_width_m, subjects.radius_m
    )
    said = _said(around, row[subjects.class_of[near.subject]], near)
    crs = around.obstacles.table.crs
    return _worst_first(
        gpd.GeoDataFrame(pd.concat([judged, said], axis=1), geometry=lines, crs=crs)
    )


def worst_verdicts(pairs: pd.DataFrame, count: int, lacking: tuple[str, ...] = ()) -> ObjectArray:
    """
    Return the verdict of every subject: its worst pair's.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Of `check_pairs`.
    count : int
        n, how many subjects were checked.
    lacking : tuple of str, default ()
        Layers never surveyed: a subject that would pass is then ``UNKNOWN``.

    Returns
    -------
    ndarray of str, shape (n,)
        Verdicts; a subject near nothing passes.
    """
    found = np.full(
        count, (ClearanceVerdict.UNKNOWN if lacking else ClearanceVerdict.MET).value, dtype=object
    )
    worst = pairs.drop_duplicates("subject")
    against = worst[worst["verdict"] != ClearanceVerdict.MET]
    found[against["subject"].to_numpy()] = against["verdict"].to_numpy(dtype=object)
    return found


def _judged(
    subjects: Subjects, around: Surroundings, near: Clearances, row: IndexArray
) -> pd.DataFrame:
    """Return verdict and figures of every pair; `row` is each subject's place among the classes."""
    at = row[near.subject], around.obstacles.class_of[near.object]
    counts_crown = around.counts_crown[at]
    radius = subjects.radius_m[near.subject]
    # What of a crown reaches beyond the edge that the distance was measured from.
    crown = np.where(counts_crown, subjects.crown_m[near.subject] / 2.0 - radius, 0.0)
    required = around.metres[at] + np.maximum(np.nan_to_num(crown), 0.0)
    accuracy = around.accuracy_m[near.object]
    verdict = verdicts(
        near.distance,
        shortfall(near, required),
        accuracy,
        _above(subjects, around, near, around.vertical_m[at]),
        unsure=around.is_unsure[at] | np.isnan(crown),
    )
    return pd.DataFrame(
        {
            "subject": near.subject,
            "object": near.object,
            "verdict": verdict,
            "distance_m": near.distance,
            "required_m": required,
            "difference_cm": (near.distance - required) * 100.0,
            "accuracy_m": accuracy,
        }
    )


def _above(
    subjects: Subjects, around: Surroundings, near: Clearances, vertical_m: FloatArray
) -> FloatArray:
    """Return what a conductor keeps beyond the vertical distance [m]; -inf where none will do."""
    above = around.height_m[near.object] - subjects.height_m[near.subject] - vertical_m
    return np.where(np.isnan(vertical_m), -np.inf, above)


def _said(around: Surroundings, row: IndexArray, near: Clearances) -> pd.DataFrame:
    """Return what people read of every pair: object, clause and notes, found once for a class."""
    of, table = around.obstacles.class_of[near.object], around.obstacles.table
    count = len(around.obstacles.classes)
    pair = row * count + of
    distinct, place = np.unique(pair, return_inverse=True)
    texts = [_text(around, *divmod(int(one), count)) for one in distinct]
    columns = ("source_id", "clause", "verified", "object_zh", "object_en", "note_zh", "note_en")
    said = pd.DataFrame(texts, columns=list(columns), dtype=object).take(place)
    return said.reset_index(drop=True).assign(
        object_layer=table["layer"].to_numpy(dtype=object)[near.object],
        object_id=table["object_id"].to_numpy(dtype=object)[near.object],
    )


def _text(around: Surroundings, subject: int, obstacle: int) -> tuple[str, ...]:
    required, name = around.required[subject][obstacle], around.obstacles.classes[obstacle].name
    notes = _joined(around.notes(subject, obstacle))
    return (
        required.source,
        required.clause,
        required.verified,
        name.zh,
        name.en,
        notes.zh,
        notes.en,
    )


def _joined(notes: tuple[Text, ...]) -> Text:
    return Text(
        "；".join(note.zh for note in notes if note.zh),
        "; ".join(note.en for note in notes if note.en),
    )


def _worst_first(pairs: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row a subject and object, by subject and worst first."""
    rank = pairs["verdict"].map({verdict.value: i for i, verdict in enumerate(ClearanceVerdict)})
    order = ["subject", "rank", "difference_cm", "object_layer", "object_id"]
    ordered = pairs.assign(rank=rank).sort_values(order, ignore_index=True)
    # A building is near as footprint and as windowed wall: the worse of the two is its pair.
    once = ordered.drop_duplicates(["subject", "object_layer", "object_id"], ignore_index=True)
    return once[[*COLUMNS, "geometry"]]
