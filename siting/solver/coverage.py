"""Coverage: which columns cover which demands, alike rows once, useless columns not at all."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.arrays import BoolArray, FloatArray, IntArray
from siting.solver.problem import SitingProblem
from siting.solver.sites import affordable


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """
    Groups of demands that are covered by the same columns.

    Attributes
    ----------
    columns : ndarray of int64, shape (s,)
        Columns that may be chosen.
    covers : csr_array, shape (g, s)
        1 where a column covers a group.
    weights : ndarray of float64, shape (g,)
        Of the demands of each group together.
    """

    columns: IntArray
    covers: csr_array
    weights: FloatArray

    @classmethod
    def of(cls, covers: BoolArray, columns: IntArray, weights: FloatArray) -> "Coverage":
        """
        Return demands grouped by the columns that cover them.

        Parameters
        ----------
        covers : ndarray of bool, shape (n, s)
            Which column covers which demand.
        columns : ndarray of int64, shape (s,)
            Columns that may be chosen.
        weights : ndarray of float64, shape (n,)
            Of each demand.
        """
        packed = np.ascontiguousarray(np.packbits(covers, axis=1))
        keys = packed.view(np.dtype((np.void, max(packed.shape[1], 1)))).ravel()
        if not len(keys) or not packed.shape[1]:
            keys = np.zeros(len(covers), dtype=np.int64)
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        total = np.bincount(group, weights=weights, minlength=len(first)).astype(np.float64)
        return cls(columns, csr_array(covers[first].astype(np.float64)), total)

    @classmethod
    def waiting(cls, problem: SitingProblem) -> "Coverage":
        """Return the demands that no kept place covers, by the selectable columns that do."""
        waiting = ~problem.reaches(problem.kept_walk)
        columns = problem.selectable
        return cls.of(problem.within(columns)[waiting], columns, problem.weights[waiting])

    def without_dominated(self, problem: SitingProblem) -> "Coverage":
        """
        Return the coverage without columns that another makes useless.

        A column is useless if another covers all that it covers and is no dearer; of columns that
        are alike in both the lowest stays. Those that have to be are never taken out.
        """
        shared = (self.covers.T @ self.covers).tocoo()
        size = np.bincount(self.covers.indices, minlength=len(self.columns))
        price = problem.price[self.columns]
        one, other = shared.coords
        inside = (shared.data == size[one]) & (one != other) & (price[other] <= price[one])
        one, other = one[inside], other[inside]
        better = (size[other] > size[one]) | (price[other] < price[one]) | (other < one)
        useful = size > 0
        useful[one[better]] = False
        useful |= np.isin(self.columns, problem.must)
        return Coverage(self.columns[useful], self.covers[:, useful], self.weights)

    def only(self, kept: BoolArray) -> "Coverage":
        """Return the coverage by some columns, shape (s,), groups that are alike now joined."""
        covers = np.asarray(self.covers[:, kept].todense()) > 0
        some = covers.any(axis=1)
        return Coverage.of(covers[some], self.columns[kept], self.weights[some])

    def greedy(self, problem: SitingProblem, weights: FloatArray) -> BoolArray:
        """
        Return columns chosen one after the other, each the one that covers most for its price.

        Parameters
        ----------
        problem : SitingProblem
            Its number and budget end the choice, where covering everything does not.
        weights : ndarray of float64, shape (g,)
            What each group counts.
        """
        chosen = np.isin(self.columns, problem.demanded)
        price = np.maximum(problem.price[self.columns], 1e-9)
        while True:
            gain = self.covers.T @ np.where(self.covers @ chosen > 0, 0.0, weights)
            can = affordable(problem, self.columns[chosen], self.columns) & (gain > 0)
            if not can.any():
                return chosen
            chosen[np.argmax(np.where(can, gain / price, -1.0))] = True
