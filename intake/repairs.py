"""
Repairs: what the readers could mend, what is taken of it, and the area before and after.

``safe`` takes a repair that leaves the enclosed area as it was (to one part in a hundred) and rings
closed; a crossed outline whose area changes is a question to a person, not a repair.
"""

from collections.abc import Callable

import numpy as np
import shapely

from geo.arrays import FloatArray, ShapeArray
from intake.proposal import Candidate, Proposal
from intake.reading import DeliveredTable
from intake.receipt import QuarantineReason, Repair
from wording import Text

SAFE, ALL, NONE = "safe", "all", "none"
_SAME_AREA = 0.01  # share by which a safe repair may change the area


def propose(table: DeliveredTable) -> Proposal:
    """Offer the repairs of a table."""
    question = Text("接受哪些图形修复？", "Which repairs are accepted?")
    count = len(table.mended)
    offers = (
        Candidate(SAFE, Text("只接受不改变面积的", "those that keep the area"), 1.0),
        Candidate(ALL, Text(f"全部 {count} 个", f"all {count}"), 0.5),
        Candidate(NONE, Text("都不接受", "none"), 0.1),
    )
    return Proposal("repair", question, offers, SAFE)


def apply(
    table: DeliveredTable,
    working: ShapeArray,
    choice: str,
    move: Callable[[ShapeArray], ShapeArray],
) -> tuple[ShapeArray, list[Repair], dict[int, QuarantineReason]]:
    """
    Put the accepted repairs in place of the originals.

    Parameters
    ----------
    table : DeliveredTable
        The table with the repairs on offer.
    working : ndarray of geometry, shape (n,)
        Originals in the working CRS; None where they cannot be read.
    choice : {"safe", "all", "none"}
        What was chosen.
    move : callable
        Brings geometries of the file into the working CRS.

    Returns
    -------
    tuple
        Geometries, repairs made, and by position the reason for each that was not made.
    """
    if not table.mended or not len(table.wkb):
        return working, [], {}
    at = np.array(sorted(table.mended), dtype=np.intp)
    raw = np.array([table.mended[int(i)].wkb for i in at], dtype=object)
    whole = move(np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object))
    before, after = _areas(working[at]), _areas(whole)
    shapes, done, refused = working.copy(), [], {}
    for place, i in enumerate(at.tolist()):
        mended = table.mended[i]
        repair = Repair(
            int(table.rows[i]),
            mended.rule,
            mended.detail,
            float(before[place]),
            float(after[place]),
        )
        if choice == ALL or (choice == SAFE and _is_safe(repair)):
            shapes[i] = whole[place]
            done.append(repair)
        else:
            change = f"{mended.detail} {repair.area_before_m2:.1f} → {repair.area_after_m2:.1f} m²"
            refused[i] = QuarantineReason("geometry.unrepaired", change.strip())
    return shapes, done, refused


def _areas(shapes: ShapeArray) -> FloatArray:
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.asarray(shapely.area(shapes), dtype=np.float64))


def _is_safe(repair: Repair) -> bool:
    if repair.rule == "repair.ring_closed":
        return True
    largest = max(repair.area_before_m2, repair.area_after_m2)
    return abs(repair.area_after_m2 - repair.area_before_m2) <= _SAME_AREA * largest
