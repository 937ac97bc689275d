"""What the walkways of a district fail to join: told at import, by a check and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray, ObjectArray
from geo.network_faults import NetworkFaults, network_faults
from rules.context import EvaluationContext
from rules.walking import is_possible
from wording import Language, say


@dataclass(frozen=True, eq=False)
class WalkwayReport:
    """
    Faults of the walkways, and whom they touch.

    Attributes
    ----------
    faults : NetworkFaults
        Pieces, near misses and unsplit junctions, with their places.
    doors : int
        How many doors the estates have.
    doors_on_main, households_on_main : float
        Share of the doors, and of the counted households behind them, whose nearest walkway is on
        the longest piece; NaN where there is none.
    far_door : ndarray of float64, shape (d, 2)
        Doors farther from every walkway than the rulebook's limit, easting and northing [m].
    far_id : ndarray of object, shape (d,)
        The features that they belong to.
    leg_m : ndarray of float64, shape (d,)
        How far they are [m].
    limit_m : float
        The limit of access legs [m].
    gates_unknown : int
        Gates of which nobody says whether they are open; walks take them for open.
    """

    faults: NetworkFaults
    doors: int
    doors_on_main: float
    households_on_main: float
    far_door: FloatArray
    far_id: ObjectArray
    leg_m: FloatArray
    limit_m: float
    gates_unknown: int

    def sentences(self, language: Language) -> Iterator[str]:
        """Yield what is to be told, nothing of a network without fault."""
        pieces, misses = len(self.faults.piece_m), len(self.faults.gap_m)
        if pieces > 1:
            yield say("walkways.pieces", language, n=pieces, share=self._share_text(language))
        if misses:
            worst = f"{self.faults.gap_m[0]:.2f}"
            yield say("walkways.near_misses", language, n=misses, worst=worst)
        if len(self.faults.unsplit):
            yield say("walkways.unsplit", language, n=len(self.faults.unsplit))
        if len(self.leg_m):
            facts = {"worst": f"{self.leg_m.max():.0f}", "limit": f"{self.limit_m:.0f}"}
            yield say("walkways.far_doors", language, n=len(self.leg_m), **facts)
        if self.gates_unknown:
            yield say("walkways.gates_unknown", language, n=self.gates_unknown)

    def _share_text(self, language: Language) -> str:
        """Return how many live on the main piece: households where counted, else doors."""
        if np.isfinite(self.households_on_main):
            share = _percent(self.households_on_main)
            return say("walkways.households_on_main", language, share=share)
        if np.isfinite(self.doors_on_main):
            share = _percent(self.doors_on_main)
            return say("walkways.doors_on_main", language, share=share)
        return say("walkways.nobody_on_main", language)

    def document(self) -> dict[str, object]:
        """Return the report as plain values with its places [m], for JSON."""
        return {
            "pieces_m": [round(one, 1) for one in sorted(self.faults.piece_m.tolist())[::-1]],
            "doors": self.doors,
            "share_of_doors_on_main_piece": _known(self.doors_on_main),
            "share_of_households_on_main_piece": _known(self.households_on_main),
            "near_misses": [
                {"gap_m": round(gap, 4), "from": ends[0], "to": ends[1]}
                for gap, ends in zip(
                    self.faults.gap_m.tolist(), self.faults.near_miss.tolist(), strict=True
                )
            ],
            "unsplit_junctions": self.faults.unsplit.tolist(),
            "access_leg_limit_m": self.limit_m,
            "gates_of_unknown_state": self.gates_unknown,
            "far_doors": [
                {"id": key, "at": at, "leg_m": round(leg, 1)}
                for key, at, leg in zip(
                    self.far_id.tolist(), self.far_door.tolist(), self.leg_m.tolist(), strict=True
                )
            ],
        }


def walkway_report(context: EvaluationContext) -> WalkwayReport | None:
    """
    Return what the walkways as drawn fail to join; None where there are none.

    Parameters
    ----------
    context : EvaluationContext
        The district and the conventions of its rulebook; closed gates cut nothing here.
    """
    if not is_possible(context):
        return None
    network, doors, walking = context.district.network, context.doors, context.book.walking
    faults = network_faults(network, walking.near_m)
    snap = network.snap(doors.points)
    on_main = network.piece[snap.edge] == np.argmax(network.piece_m)
    far = snap.gap > walking.access_leg_m
    known = np.nan_to_num(doors.households)
    return WalkwayReport(
        faults=faults,
        doors=len(snap),
        doors_on_main=_share(on_main.astype(np.float64), np.ones(len(snap))),
        households_on_main=_share(on_main * known, known),
        far_door=doors.points[far],
        far_id=doors.ids[far],
        leg_m=snap.gap[far],
        limit_m=walking.access_leg_m,
        gates_unknown=int(context.rows("entrances").column("state").isna().sum()),
    )


def _share(some: FloatArray, every: FloatArray) -> float:
    return float(some.sum() / every.sum()) if every.sum() else float("nan")


def _percent(share: float) -> str:
    """Return a share in percent, rounded down: 100 % is said of everybody only."""
    return f"{np.floor(share * 1000) / 10:g}%"


def _known(share: float) -> float | None:
    return share if np.isfinite(share) else None
