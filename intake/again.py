"""Again: rows of a file that are an earlier row of the same file once more, and what is asked."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from intake.features import Features, places
from intake.ground import STEPS, are_identical, boxes, is_outline, within_steps
from intake.proposal import SHOWN, Candidate, Proposal
from intake.reading import Cell
from intake.spelling import stem
from wording import Text, text

FIRST, BOTH = "first", "both"
_CELL_M = 0.1  # of the grid on which identical geometries are found


def find(rows: Features) -> dict[int, int]:
    """
    Return, by row, the earlier row of the same file that it is again.

    A natural key that came before, the very geometry of a feature of the kind, or a facility a few
    steps from another of its kind and no other name. What has the same key is no second feature.
    """
    found = dict(_again_by_steps(rows)) if rows.spec.name in STEPS else {}
    for pairs in (_again_in_place(rows), _again_by_name(rows)):
        for row, other in pairs:
            found.setdefault(row, other)
    return {row: other for row, other in found.items() if rows.keys[row] != rows.keys[other]}


def _again_by_name(rows: Features) -> Iterator[tuple[int, int]]:
    """Yield the rows whose natural key an earlier row has."""
    if rows.spec.natural_key:
        for first, *more in places(rows.forms).values():
            yield from ((row, first) for row in more if rows.kinds[row] == rows.kinds[first])


def _again_in_place(rows: Features) -> Iterator[tuple[int, int]]:
    """
    Yield the rows with the very geometry of an earlier row of their kind.

    Two shops may have one door, and two names: only an outline is one place whatever its names.
    """
    shapes = rows.sound
    is_ground = is_outline(shapes)
    kinds = pd.factorize(np.asarray(rows.kinds, dtype=object))[0].astype(np.float64)
    found = pd.DataFrame(np.round(boxes(shapes, kinds) / [*[_CELL_M] * 4, 1]))
    placed = found[found.duplicated(keep=False) & found.notna().all(axis=1)]
    for at in placed.groupby(list(placed), sort=False).indices.values():
        first, *more = placed.index[at].tolist()
        for row in more:
            is_one = is_ground[row] or _may_be_one(rows.names[row], rows.names[first])
            if is_one and are_identical(shapes[row], shapes[first]):
                yield row, first


def _again_by_steps(rows: Features) -> Iterator[tuple[int, int]]:
    """Yield the points a few steps from an earlier one of their kind that may be called alike."""
    found: dict[int, int] = {}
    for row, other in sorted(within_steps(rows.sound, rows.sound)):
        is_again = other < row and rows.kinds[row] is not None
        is_again = is_again and rows.kinds[row] == rows.kinds[other]
        if is_again and _may_be_one(rows.names[row], rows.names[other]):
            found.setdefault(row, other)
    yield from found.items()


def _may_be_one(name: Cell, other: Cell) -> bool:
    """Return whether two names may be of one place; one that is not said may."""
    if not isinstance(name, str) or not isinstance(other, str):
        return True
    return stem(name) == stem(other)


def propose(
    found: Mapping[int, int], names: Sequence[Cell], rows: Sequence[int]
) -> Proposal | None:
    """Ask whether rows that are an earlier row again are one place; None where there are none."""
    if not found:
        return None
    said = [name if isinstance(name, str) else "—" for name in names]
    pairs = [
        text("row.pair", one=said[a], row=rows[a], other=said[b], later=rows[b])
        for b, a in sorted(found.items())
    ]
    more = (
        Text(f"，共 {len(pairs)} 对", f", {len(pairs)} pairs")
        if len(pairs) > SHOWN
        else Text("", "")
    )
    shown = Text(
        "、".join(pair.zh for pair in pairs[:SHOWN]), "; ".join(pair.en for pair in pairs[:SHOWN])
    )
    question = Text(
        f"表中同一处出现两次吗？{shown.zh}{more.zh}",
        f"Is one place named twice? {shown.en}{more.en}",
    )
    offers = (
        Candidate(FIRST, Text("是：只取前一行", "yes: take the first row only"), 0.6),
        Candidate(BOTH, Text("不是：都取", "no: take both"), 0.4),
    )
    return Proposal("twice", question, offers)
