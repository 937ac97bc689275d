"""SitingProblem: demands, candidates and what is wanted, as arrays and numbers alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.errors import DataError

Objective: TypeAlias = Literal["cover", "fewest", "median", "equity"]


@dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """
    Where new places should stand, for n demands and m candidates.

    Attributes
    ----------
    costs : array_like, shape (n, m)
        Walk from each demand to each candidate [m]; inf where there is no way, NaN nowhere.
    weights : array_like, shape (n,), optional
        How much each demand counts, and the capacity it takes; 1 by default.
    new : int, optional
        How many new places there may be at most; any number by default.
    limit : float, optional
        A demand is covered by a place no farther than this [m]; ``cover`` and ``fewest`` need it.
        The others do not constrain walks: they name the demands that walk farther.
    objective : {"cover", "fewest", "median", "equity"}
        The greatest weight covered; the fewest new places (with `prices` the cheapest) that cover
        every demand; the least sum of weight times walk; or the walks of all demands, in
        descending order, the least in lexicographic order.
    kept : sequence of int
        Columns of places that are open already: neither counted as new nor paid.
    capacity : float or array_like, shape (m,), optional
        The weight that each place, kept ones included, can serve; inf without limit. A demand is
        served whole by one place.
    budget : float, optional
        The most that the new places may cost together.
    must, never : sequence of int
        Columns where a place has to be, and where no new one may be.
    prices : array_like, shape (m,), optional
        What each new place costs; 1 each by default.

    Raises
    ------
    DataError
        If a shape, a number or a column is impossible.
    """

    costs: FloatArray
    weights: FloatArray = field(default_factory=lambda: np.ones(()))
    new: int | None = None
    limit: float | None = None
    objective: Objective = "cover"
    kept: Sequence[int] | IntArray = ()
    capacity: float | FloatArray | None = None
    budget: float | None = None
    must: Sequence[int] | IntArray = ()
    never: Sequence[int] | IntArray = ()
    prices: FloatArray | None = None
    covers: BoolArray = field(init=False, repr=False)
    """Which demands may be served from each column, shape (n, m)."""

    def __post_init__(self) -> None:
        """Turn what was given into arrays, and refuse what is impossible."""
        _set(self, "costs", np.asarray(self.costs, dtype=np.float64))
        if self.costs.ndim != 2:  # noqa: PLR2004 - rows and columns
            _refuse("costs", f"shape {self.costs.shape}", "shape (n, m)", "形状为 (n, m)")
        rows, columns = self.costs.shape
        _set(self, "weights", _amounts("weights", self.weights, rows))
        _set(self, "prices", _amounts("prices", _or_ones(self.prices), columns))
        capacity = np.inf if self.capacity is None else self.capacity
        _set(self, "capacity", _amounts("capacity", capacity, columns, most=np.inf))
        _set(self, "new", None if self.new is None else _whole("new", self.new))
        for name in ("kept", "must", "never"):
            _set(self, name, _columns(name, getattr(self, name), columns))
        _require(self)
        _set(self, "covers", self.reaches(self.costs))

    @property
    def is_capacitated(self) -> bool:
        """Whether any place may be too small."""
        return bool(np.isfinite(self.capacities).any())

    @property
    def capacities(self) -> FloatArray:
        """The weight that each place can serve, shape (m,)."""
        return np.asarray(self.capacity, dtype=np.float64)

    @property
    def price(self) -> FloatArray:
        """What each new place costs, shape (m,)."""
        return np.asarray(self.prices, dtype=np.float64)

    @property
    def selectable(self) -> IntArray:
        """Columns where a new place may be: neither kept nor ruled out; ascending."""
        out = np.union1d(self.kept, self.never)
        return np.setdiff1d(np.arange(self.costs.shape[1]), out)

    @property
    def usable(self) -> IntArray:
        """Columns that may serve: kept and selectable; ascending."""
        return np.union1d(self.kept, self.selectable).astype(np.int64)

    @property
    def demanded(self) -> IntArray:
        """Columns of `must` where no place is kept; ascending."""
        return np.setdiff1d(self.must, self.kept).astype(np.int64)

    @property
    def kept_walk(self) -> FloatArray:
        """The walk from each demand to the nearest kept place [m], inf without one; shape (n,)."""
        return self.walk(np.empty(0, dtype=np.int64))

    @property
    def serves_all(self) -> bool:
        """Whether an answer has to serve every demand."""
        return self.objective != "cover"

    @property
    def reach(self) -> float:
        """How far a demand may walk at most [m]; inf where the objective does not limit it."""
        limited = self.limit is not None and self.objective in {"cover", "fewest"}
        return float(self.limit) if limited and self.limit is not None else np.inf

    def reaches(self, walk: FloatArray) -> BoolArray:
        """Return which walks [m], of any shape, are possible and no longer than `reach`."""
        return np.asarray((walk <= self.reach) & np.isfinite(walk))

    def within(self, columns: IntArray) -> BoolArray:
        """Return which demands may be served from each of some columns, shape (n, k)."""
        return self.covers[:, columns]

    def walk(self, chosen: IntArray) -> FloatArray:
        """Return the walk to the nearest of kept and chosen places [m], shape (n,)."""
        places = np.union1d(self.kept, chosen).astype(np.int64)
        nearest: FloatArray = self.costs[:, places].min(axis=1, initial=np.inf)
        return nearest

    def walk_to(self, assignment: IntArray) -> FloatArray:
        """Return the walk of each demand to the column that serves it [m], shape (n,)."""
        return self.costs[np.arange(len(assignment)), assignment]


def _set(problem: SitingProblem, name: str, value: object) -> None:
    object.__setattr__(problem, name, value)


def _or_ones(prices: FloatArray | None) -> FloatArray | float:
    return 1.0 if prices is None else prices


def _refuse(name: str, found: str, expected: str, expected_zh: str) -> None:
    raise DataError(
        f"siting problem: {name} has {found}; expected {expected}",
        f"选址问题：{name} 为 {found}；应{expected_zh}",
    )


def _amounts(name: str, given: npt.ArrayLike, size: int, most: float | None = None) -> FloatArray:
    """Return `size` numbers of 0 or more, finite unless `most` is inf."""
    values = np.asarray(given, dtype=np.float64)
    if values.ndim == 0:
        values = np.full(size, float(values))
    if values.shape != (size,):
        _refuse(name, f"shape {values.shape}", f"shape ({size},)", f"为 {size} 个数")
    allowed = values >= 0 if most == np.inf else np.isfinite(values) & (values >= 0)
    if not allowed.all():
        wrong = values[~allowed][0]
        _refuse(name, str(wrong), "numbers of 0 or more", "不小于 0")
    return values


def _whole(name: str, given: float) -> int:
    if not given >= 0 or given % 1:
        _refuse(name, str(given), "a whole number of 0 or more", "为不小于 0 的整数")
    return int(given)


def _columns(name: str, given: Sequence[int] | IntArray, size: int) -> IntArray:
    """Return distinct columns in ascending order."""
    values: npt.NDArray[Any] = np.asarray(given)
    if values.size and not np.issubdtype(values.dtype, np.integer):
        _refuse(name, f"type {values.dtype}", "column numbers", "为列号（整数）")
    columns = np.unique(values.astype(np.int64))
    if len(columns) and not 0 <= columns[0] <= columns[-1] < size:
        _refuse(name, str(columns.tolist()), f"columns 0 to {size - 1}", f"在 0 至 {size - 1} 之间")
    return columns


def _require(problem: SitingProblem) -> None:
    """Refuse impossible numbers and what an objective lacks."""
    if problem.objective not in get_args(Objective):
        names = ", ".join(get_args(Objective))
        _refuse("objective", repr(problem.objective), f"one of {names}", f"为 {names} 之一")
    if not (problem.costs >= 0).all():
        _refuse(
            "costs", "a negative or missing walk", "walks of 0 or more, inf for none", "不小于 0"
        )
    for name in ("limit", "budget"):
        value = getattr(problem, name)
        if value is not None and not value >= 0:
            _refuse(name, str(value), "0 or more", "不小于 0")
    if problem.limit is None and problem.objective in {"cover", "fewest"}:
        _refuse("limit", "None", f"a distance for {problem.objective}", "给出距离限值")
