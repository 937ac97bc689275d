"""
Posing: a district's doors and candidates as a `SitingProblem`.

Where coverage counts (``cover``, ``fewest``) the demands are the doors that no facility serves yet,
those near the same candidates together; with capacities all doors, what there is as kept columns.
Where walks count (``median``, ``equity``) they are the estates, each served as a whole by one
place: its mean walk, weighted by households, or its longest; what they walk today is a kept column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray, IntArray
from geo.errors import DataError
from geo.pairs import Pairs
from geo.runs import equal_entries
from rules import walking
from rules.context import EvaluationContext
from rules.grammar import Adequacy
from rules.grouping import added
from rules.measures.reach import may_serve
from siting.candidates import Candidates
from siting.demand import Demand, longest
from siting.solver.problem import Objective, SitingProblem
from siting.standard import FACILITIES, Standard

_MOST_CELLS = 40_000_000  # walks of one problem: 320 MB


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What the planner wants of new facilities of a kind.

    Attributes
    ----------
    kind : str
        Code or label of the kind.
    count : int or None
        How many there may be at most.
    budget_yuan : float or None
        What they may cost together.
    must, never : tuple of str
        Ids or names of candidate sites where one has to be, and where none may be.
    objective : {"cover", "fewest", "median", "equity"}
        What is best; see `siting.SitingProblem`.
    limit_m : float or None
        The planner's own limit of walks [m], in place of the rulebook's.
    spacing_m : float or None
        How far apart candidates are generated along walkways [m]; none without it.
    price_yuan : float or None
        What a facility costs at a site of which no cost is known.
    has_capacity : bool
        Whether a facility serves no more people than the rulebook's supply per head allows.
    """

    kind: str
    count: int | None = None
    budget_yuan: float | None = None
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    objective: Objective = "cover"
    limit_m: float | None = None
    spacing_m: float | None = None
    price_yuan: float | None = None
    has_capacity: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """
    A problem, and who is near to which candidate.

    Attributes
    ----------
    problem : SitingProblem
        Columns are the m candidates, behind them kept places.
    near : Pairs
        Doors, by position among those of `Demand`, and candidates within the limit.
    """

    problem: SitingProblem
    near: Pairs


def pose(
    context: EvaluationContext,
    standard: Standard,
    demand: Demand,
    sites: Candidates,
    wish: Wish,
) -> Posed:
    """
    Return the problem of a wish.

    Raises
    ------
    DataError
        If the wish lacks a number or budget, names no candidate, or asks for what is not known.
    """
    must, never = (_columns(sites, names) for names in (wish.must, wish.never))
    _require_possible(wish, standard, sites, must)
    prices = sites.sites["price_yuan"].to_numpy(dtype=np.float64)
    if wish.budget_yuan is not None:
        never = np.union1d(never, np.flatnonzero(np.isnan(prices))).astype(np.int64)
    reach = walking.pairs_to(context, sites.access, longest(standard.limit_m))
    near = _of_origins(reach, demand.doors)
    if wish.objective in {"median", "equity"}:
        costs, weights = _by_estate(context, demand, sites, wish.objective)
        capacity = None
    elif wish.has_capacity:
        costs, weights, capacity = _by_capacity(context, standard, demand, sites, near)
    else:
        costs, weights = _by_coverage(demand, near, len(prices))
        capacity = None
    others = costs.shape[1] - len(prices)
    return Posed(
        SitingProblem(
            costs,
            weights,
            new=wish.count,
            limit=longest(standard.limit_m),
            objective=wish.objective,
            kept=len(prices) + np.arange(others),
            capacity=capacity,
            budget=wish.budget_yuan,
            must=must,
            never=never,
            prices=None
            if wish.budget_yuan is None
            else np.append(np.nan_to_num(prices), np.zeros(others)),
        ),
        near,
    )


def _columns(sites: Candidates, names: Sequence[str]) -> IntArray:
    """Return the candidates of ids or names."""
    table, found = sites.sites, []
    for name in names:
        at = np.flatnonzero((table["candidate_id"] == name) | (table["name"] == name))
        if len(at) != 1:
            raise DataError(
                f"{name!r}: {len(at)} candidate sites of this id or name, expected one",
                f"{name!r}：有 {len(at)} 处候选用地用此编号或名称，应为 1 处",
            )
        found.append(int(at[0]))
    return np.unique(np.array(found, dtype=np.int64))


def _require_possible(wish: Wish, standard: Standard, sites: Candidates, must: IntArray) -> None:
    """Raise DataError if a wish lacks what its objective needs, or a site its cost."""
    if wish.count is None and wish.budget_yuan is None and wish.objective != "fewest":
        raise DataError(
            f"siting, {wish.objective}: give a number of places or a budget",
            "选址应给出新建处数或资金",
        )
    if wish.has_capacity and (wish.objective not in {"cover", "fewest"} or standard.supply is None):
        raise DataError(
            "siting: capacities count for cover and fewest, with a rule of supply per head",
            "选址：容量只用于覆盖类目标，且该类设施须有人均配置规则",
        )
    unknown = must[sites.sites["price_yuan"].isna().to_numpy()[must]]
    if wish.budget_yuan is not None and len(unknown):
        name = sites.sites["candidate_id"].iloc[int(unknown[0])]
        raise DataError(
            f"candidate site {name} has no cost and cannot be reckoned with; give a price",
            f"候选用地 {name} 没有建设费用，无法计入；请给出单价",
        )


def _of_origins(pairs: Pairs, origins: IntArray) -> Pairs:
    """Return the pairs of some origins, which are numbered as they are given."""
    origin, kept = equal_entries(pairs.origin, origins)
    return Pairs(origin, pairs.facility[kept], pairs.distance[kept])


def _table(pairs: Pairs, rows: int, size: int) -> FloatArray:
    """Return the walks of `rows` origins to `size` places, inf beyond the limit."""
    _require_size(rows, size)
    costs = np.full((rows, size), np.inf)
    costs[pairs.origin, pairs.facility] = pairs.distance
    return costs


def _by_coverage(demand: Demand, near: Pairs, size: int) -> tuple[FloatArray, FloatArray]:
    """Return walks and households of waiting doors; those near the same candidates are one row."""
    waiting = np.flatnonzero(~demand.is_covered)
    first, last = (np.searchsorted(near.origin, waiting, side=side) for side in ("left", "right"))
    groups: dict[bytes, int] = {}
    group = [
        groups.setdefault(near.facility[begin:end].tobytes(), len(groups))
        for begin, end in zip(first.tolist(), last.tolist(), strict=True)
    ]
    owner = np.array(group, dtype=np.int64)
    _, one = np.unique(owner, return_index=True)
    households = added(owner, demand.households[waiting], len(groups))
    return _table(_of_origins(near, waiting[one]), len(one), size), households


def _require_size(rows: int, places: int) -> None:
    """Raise DataError if a table of walks would not fit in memory."""
    if rows * places > _MOST_CELLS:
        raise DataError(
            f"siting: {rows:,} demands by {places:,} places are too many; generate fewer places",
            f"选址：{rows:,} 个需求点、{places:,} 处候选，规模过大；请加大布点间距",
        )


def _by_estate(
    context: EvaluationContext, demand: Demand, sites: Candidates, objective: Objective
) -> tuple[FloatArray, FloatArray]:
    """Return the walks of each estate to the candidates and to what there is, and households."""
    estates, owner = np.unique(demand.estate, return_inverse=True)
    households = added(owner, demand.households, len(estates))
    _require_size(len(estates), len(sites.sites) + 1)
    columns = [
        _of_estates(objective, owner, demand.households, walk, households)
        for walk in (*_walks_to_each(context, demand, sites), demand.walk_m)
    ]
    return np.stack(columns, axis=1), households


def _walks_to_each(
    context: EvaluationContext, demand: Demand, sites: Candidates
) -> list[FloatArray]:
    """Return for each candidate the walks of all doors to it [m]."""
    return [
        walking.nearest_of(context, sites.access.take(np.array([site]))).distance[demand.doors]
        for site in range(len(sites.sites))
    ]


def _of_estates(
    objective: Objective,
    owner: IntArray,
    households: FloatArray,
    walk: FloatArray,
    total: FloatArray,
) -> FloatArray:
    """Return the mean or the longest walk of each estate, inf where a door has none."""
    longest_m = np.zeros(len(total))
    np.maximum.at(longest_m, owner, walk)
    if objective == "equity":
        return longest_m
    weight = np.where(total[owner] > 0, households, 1.0)
    finite = np.where(np.isfinite(walk), walk, 0.0)
    mean = added(owner, weight * finite, len(total)) / added(owner, weight, len(total))
    return np.where(np.isfinite(longest_m), mean, np.inf)


def _by_capacity(
    context: EvaluationContext,
    standard: Standard,
    demand: Demand,
    sites: Candidates,
    near: Pairs,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return walks of all doors to candidates and what there is, people, whom each may serve."""
    assert standard.supply is not None  # noqa: S101 - required before
    spec = standard.supply.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - as `standard_of` chooses it
    places, size = standard.places, len(sites.sites)
    existing = context.rows(FACILITIES, places.kinds)
    serves = existing.holds(places.where).yes & may_serve(existing, places, include_unknown=False)
    serving = np.flatnonzero(serves)
    entered = walking.access(context, FACILITIES, places.kinds).take(serving)
    reach = walking.pairs_to(context, entered, longest(standard.limit_m))
    there = _of_origins(reach, demand.doors)
    every = Pairs(
        np.append(near.origin, there.origin),
        np.append(near.facility, size + there.facility),
        np.append(near.distance, there.distance),
    )
    supply = np.append(
        sites.sites[spec.supply].to_numpy(dtype=np.float64), existing.numbers(spec.supply)[serving]
    )
    served = np.where(np.isnan(supply), np.inf, supply * spec.scale / standard.supply.threshold)
    heads = np.nan_to_num(getattr(context.doors, spec.demand)[demand.doors])
    return _table(every, len(heads), size + len(serving)), heads, served
