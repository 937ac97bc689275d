"""Verdict of a pair, and of a subject: that of its worst pair."""

from enum import StrEnum

import numpy as np

from geo.arrays import BoolArray, FloatArray, ObjectArray
from geo.clearance import TOLERANCE_M
from wording import Text


class ClearanceVerdict(StrEnum):
    """
    Outcome of the clearance check; the worst comes first.

    ``SHORT`` too close as measured; ``VERIFY`` not too close as measured, but depth, accuracy or
    width is unknown or the survey's own accuracy could hide a violation; ``UNKNOWN`` of a subject
    only: no pair fails, but a whole layer was never surveyed; ``MET`` none of these.
    """

    SHORT = "short"
    VERIFY = "verify"
    UNKNOWN = "unknown"
    MET = "met"


VERDICT_LABELS = {
    ClearanceVerdict.SHORT.value: Text("净距不足", "too close"),
    ClearanceVerdict.VERIFY.value: Text("需探测核实", "to be probed"),
    ClearanceVerdict.UNKNOWN.value: Text("资料不足", "data lacking"),
    ClearanceVerdict.MET.value: Text("满足", "met"),
}


def verdicts(
    distance_m: FloatArray,
    lacking_m: FloatArray,
    accuracy_m: FloatArray,
    above_m: FloatArray,
    *,
    unsure: BoolArray,
) -> ObjectArray:
    """
    Classify pairs as too close, to be verified, or met.

    Parameters
    ----------
    distance_m, lacking_m : ndarray of float64, shape (p,)
        The clearance as measured, and what it lacks of the required one [m].
    accuracy_m : ndarray of float64, shape (p,)
        Of the object's survey [m], NaN unknown.
    above_m : ndarray of float64, shape (p,)
        What a conductor keeps beyond the required height above the subject [m]: -inf where height
        cannot help, NaN where it might but is unknown.
    unsure : ndarray of bool, shape (p,)
        Whether an attribute on which the requirement depends was not surveyed.

    Returns
    -------
    ndarray of ClearanceVerdict, shape (p,)
        Never ``UNKNOWN``.
    """
    too_close = (lacking_m > 0) | (distance_m <= 0)
    short = too_close & (above_m < 0)
    # Enough as measured, but not if the object is nearer by its survey's accuracy.
    hidden = (lacking_m + np.nan_to_num(accuracy_m) > TOLERANCE_M) & ~(above_m >= 0)
    doubtful = unsure | hidden | (too_close & np.isnan(above_m))
    return np.select(
        [short, doubtful], [ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY], ClearanceVerdict.MET
    )
