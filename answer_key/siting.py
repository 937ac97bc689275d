"""
Siting: facilities put beside the sidewalk, some at a walk planned to the decimetre.

A facility moved along a street changes the walk from every door beyond it by just as much, so that
the worst door of an estate can be given a walk of exactly 299.9 or 300.1 m. Other facilities of the
same kind keep away from the doors for which that was done.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from answer_key.walks import SplitGraph, split
from demonstration.ground import Ground
from demonstration.streets import Streets
from demonstration.units import Units
from geo.arrays import FloatArray, IntArray
from layers.facilities import Facility

_STREET_ASIDE_M, _LANE_ASIDE_M = 2.0, 1.0
_KEEP_AWAY_M = 6.0
_REACH_M = 1400.0
_NEAR_M = 330.0
_EXACT_M = 1e-6
_SPOTS_TRIED = 80
_LONELY_M = 288.0
_ESTATE_ACROSS_M = 400.0  # more than from any door of an estate to any other


@dataclass(frozen=True, slots=True)
class Spot:
    """A place beside a piece of street (-1: off the streets): how far along, and where [m]."""

    piece: int
    along_m: float
    xy: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sited:
    """One facility: its kind, spot and estate (-1 on the street); a decoy does not count."""

    kind: Facility
    spot: Spot
    estate: int = -1
    is_decoy: bool = False


@dataclass(frozen=True, slots=True)
class PlannedWalk:
    """A walk planned to the decimetre: an estate, its worst door and the distance [m]."""

    estate: int
    door: int
    distance_m: float


def exits_of(ground: Ground) -> FloatArray:
    """Return what the straight way from each door leads to first: without lanes, its gate [m]."""
    exits: FloatArray = ground.units.door.copy()
    for compound in ground.compounds:
        if not (compound.lanes or compound.paths):
            ((gate, _is_open),) = compound.gates
            exits[ground.units.estate == compound.estate] = ground.frame.to_world(
                compound.block, np.array(gate)
            )
    return exits


@dataclass
class Sites:
    """
    The streets with every unit door in place, on which facilities are sited.

    Attributes
    ----------
    streets : Streets
    units : Units
    exits : ndarray, shape (doors, 2)
        As `exits_of` returns them.
    graph : SplitGraph
        The streets cut at the doors; its first nodes are the doors.
    """

    streets: Streets
    units: Units
    exits: FloatArray
    graph: SplitGraph = field(init=False)
    _walks: dict[int, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Cut the streets at the doors and tell sidewalks from lanes."""
        self.graph = split(self.streets.lines, self.units.door, self.exits)
        kind = self.streets.kind[self.graph.line]
        self._is_sidewalk = (kind == "sidewalk") & (self.streets.block[self.graph.line] >= 0)
        self._is_lane = np.isin(kind, ["lane", "path"])
        owner = np.where(self._is_lane, self.streets.estate[self.graph.line], -1)
        self._lanes = np.argsort(owner, kind="stable")
        self._lane_owner = owner[self._lanes]
        self._aside = np.where(self._is_lane, _LANE_ASIDE_M, _STREET_ASIDE_M)

    @property
    def estates(self) -> int:
        """How many estates have doors."""
        return int(self.units.estate[-1]) + 1

    def doors(self, estate: int) -> IntArray:
        """Return the doors of an estate."""
        low, high = np.searchsorted(self.units.estate, [estate, estate + 1])
        return np.arange(low, high)

    def walks(self, estate: int) -> FloatArray:
        """Return walks from the doors of an estate to every node, shape (doors, nodes)."""
        if estate not in self._walks:
            self._walks[estate] = self.graph.distances(self.doors(estate), _REACH_M)
        return self._walks[estate]

    def walks_to(self, estate: int, spot: Spot) -> FloatArray:
        """Return walks from the doors of an estate to a spot, both access legs counted."""
        walks, (u, v) = self.walks(estate), self.graph.ends[spot.piece]
        length = self.graph.lengths[spot.piece]
        on_street: FloatArray = np.minimum(
            walks[:, u] + spot.along_m, walks[:, v] + length - spot.along_m
        )
        return on_street + float(self._aside[spot.piece])

    def spot(self, piece: int, along_m: float) -> Spot:
        """Return the spot on the left of a piece: towards the block's inside along a sidewalk."""
        start, end = self.graph.xy[self.graph.ends[piece]]
        along = (end - start) / self.graph.lengths[piece]
        left = np.array([-along[1], along[0]])
        x, y = np.round(start + along * along_m + left * self._aside[piece], 4)
        return Spot(piece, along_m, (float(x), float(y)))

    def sidewalk_spots(
        self, rng: np.random.Generator, count: int, near: int | None = None
    ) -> list[Spot]:
        """Return random spots along the sidewalks, clear of corners, perhaps near an estate."""
        fits = self._is_sidewalk & (self.graph.lengths > 6 * _STREET_ASIDE_M)
        if near is not None:
            fits &= (self.walks(near).max(axis=0)[self.graph.ends] < _NEAR_M).all(axis=1)
        long = np.flatnonzero(fits)
        if not len(long):
            return []
        weight = self.graph.lengths[long] / self.graph.lengths[long].sum()
        pieces = rng.choice(long, count, p=weight)
        share = 0.2 + 0.6 * rng.random(count)
        return [
            self.spot(int(p), float(s * self.graph.lengths[p]))
            for p, s in zip(pieces, share, strict=True)
        ]

    def lane_spot(self, rng: np.random.Generator, estate: int) -> Spot:
        """Return a random spot on the lanes of an estate, or beside its first door's street."""
        own = self.own_pieces(estate)
        long = own[self.graph.lengths[own] > 4 * _LANE_ASIDE_M]
        piece = int(long[rng.integers(len(long))])
        share = 0.25 + 0.5 * rng.random()
        return self.spot(piece, float(share * self.graph.lengths[piece]))

    def lonely_spot(
        self,
        rng: np.random.Generator,
        estate: int,
        beyond_m: float,
        *,
        clear_of: Sequence[PlannedWalk] = (),
    ) -> Spot | None:
        """
        Return a spot that all doors of an estate walk to, and no door of another estate.

        Another estate's doors are farther than `beyond_m` [m]; None where there is no such spot.
        """
        others = [e for e in range(self.estates) if e != estate]
        for spot in self.sidewalk_spots(rng, _SPOTS_TRIED, near=estate):
            near_by = self.walks_to(estate, spot).max() < _LONELY_M
            if (
                near_by
                and self.keeps_clear(spot, clear_of)
                and self.keeps_off(spot, others, beyond_m)
            ):
                return spot
        return None

    def at_distance(
        self,
        rng: np.random.Generator,
        estate: int,
        distance_m: float,
        *,
        in_estate: bool = False,
        clear_of: Sequence[PlannedWalk] = (),
        others: Sequence[Spot] = (),
    ) -> tuple[Spot, PlannedWalk] | None:
        """
        Find a spot whose walk from the worst door of an estate is exactly `distance_m`.

        Parameters
        ----------
        rng : numpy.random.Generator
            The stream of the part that plants.
        estate : int
            Whose doors.
        distance_m : float
            The walk from the farthest door.
        in_estate : bool, default False
            Whether the estate's own lanes will do too.
        clear_of : sequence of PlannedWalk
            Doors that must not get anything nearer.
        others : sequence of Spot
            Facilities of the kind that stand already: none may be nearer to the worst door.

        Returns
        -------
        tuple of (Spot, PlannedWalk), or None
            None where no street allows it.
        """
        for piece, along in self._candidates(rng, estate, distance_m, in_estate=in_estate):
            spot = self.spot(piece, along)
            door = int(np.argmax(self.walks_to(estate, spot)))
            planned = PlannedWalk(estate, int(self.doors(estate)[door]), distance_m)
            nearest = min((self.walks_to(estate, o)[door] for o in others), default=np.inf)
            if nearest > distance_m + _KEEP_AWAY_M and self.keeps_clear(spot, clear_of):
                return spot, planned
        return None

    def keeps_clear(self, spot: Spot, planned: Sequence[PlannedWalk]) -> bool:
        """Return whether a spot leaves every planned walk the shortest of its door."""
        return all(
            self._flies(each.door, spot) > each.distance_m + _KEEP_AWAY_M
            or self.walks_to(each.estate, spot)[each.door - self.doors(each.estate)[0]]
            > each.distance_m + _KEEP_AWAY_M
            for each in planned
        )

    def keeps_off(self, spot: Spot, estates: Iterable[int], distance_m: float) -> bool:
        """Return whether every door of some estates is farther from a spot than a distance."""
        return all(
            self._flies(int(self.doors(int(e))[0]), spot) > distance_m + _ESTATE_ACROSS_M
            or self.walks_to(int(e), spot).min() > distance_m
            for e in estates
        )

    def _flies(self, door: int, spot: Spot) -> float:
        """Return the straight line from a door [m]: no walk is shorter."""
        return math.dist(self.units.door[door], spot.xy)

    def plan_walks(
        self,
        rng: np.random.Generator,
        estates: IntArray,
        distances_m: Sequence[float],
        *,
        in_estate: bool = False,
    ) -> tuple[list[Spot], list[PlannedWalk]]:
        """Plan one walk for each distance, each for another estate, tried in random order."""
        spots: list[Spot] = []
        walks: list[PlannedWalk] = []
        order = [int(estate) for estate in rng.permutation(estates)]
        if len(order) < 2 * len(distances_m):
            return spots, walks
        for distance in distances_m:
            for estate in order:
                found = self.at_distance(
                    rng, estate, distance, in_estate=in_estate, clear_of=walks, others=spots
                )
                if found:
                    spots.append(found[0])
                    walks.append(found[1])
                    order.remove(estate)
                    break
        return spots, walks

    def _candidates(
        self, rng: np.random.Generator, estate: int, distance_m: float, *, in_estate: bool
    ) -> list[tuple[int, float]]:
        """Pieces along which every door's walk grows at the same rate, with the place on them."""
        walks = self.walks(estate)
        allowed = self._is_sidewalk.copy()
        if in_estate:
            allowed[self.own_pieces(estate)] = True
        near = np.isfinite(walks.max(axis=0))[self.graph.ends].all(axis=1)
        pieces = np.flatnonzero(allowed & near)
        (u, v), length = self.graph.ends[pieces].T, self.graph.lengths[pieces]
        gain = walks[:, v] - walks[:, u]
        onward = (np.abs(gain - length) < _EXACT_M).all(axis=0)
        back = (np.abs(gain + length) < _EXACT_M).all(axis=0)
        target, margin = distance_m - self._aside[pieces], 2 * self._aside[pieces]
        ahead = target - walks[:, u].max(axis=0)
        behind = length - (target - walks[:, v].max(axis=0))
        along = np.where(onward, ahead, behind)
        found = np.flatnonzero((onward | back) & (along > margin) & (along < length - margin))
        shuffled = found[rng.permutation(len(found))]
        return [(int(pieces[at]), float(along[at])) for at in shuffled]

    def own_pieces(self, estate: int) -> IntArray:
        """Return the pieces of an estate's own lanes, none for one inside another."""
        low, high = np.searchsorted(self._lane_owner, [estate, estate + 1])
        return self._lanes[low:high]
