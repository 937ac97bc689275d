"""Mixed-integer programs as sparse arrays, and HiGHS that solves them, alike on every run."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """
    r linear constraints on v variables.

    Attributes
    ----------
    matrix : csr_array, shape (r, v)
        Coefficients.
    low, high : ndarray of float64, shape (r,)
        Bounds of each row.
    """

    matrix: csr_array
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(
        cls,
        entries: tuple[IntArray, IntArray, FloatArray],
        shape: tuple[int, int],
        low: FloatArray | float,
        high: FloatArray | float,
    ) -> "Rows":
        """
        Return rows from entries (row, column, coefficient), which are added up where alike.

        Parameters
        ----------
        entries : tuple of ndarray
            Row, column, coefficient.
        shape : tuple of int
            Rows and variables.
        low, high : ndarray of float64, shape (r,), or float
            Bounds of each row.
        """
        row, column, value = entries
        matrix = csr_array(coo_array((value, (row, column)), shape=shape))
        return cls(matrix, np.full(shape[0], low), np.full(shape[0], high))

    @classmethod
    def one(cls, coefficients: FloatArray, low: float = -np.inf, high: float = np.inf) -> "Rows":
        """Return one dense row, shape (v,)."""
        matrix = csr_array(coefficients[None, :])
        return cls(matrix, np.array([low]), np.array([high]))

    def widened(self, size: int) -> "Rows":
        """Return the same rows on `size` variables, the further ones without a part in them."""
        matrix = csr_array(
            (self.matrix.data, self.matrix.indices, self.matrix.indptr),
            shape=(self.matrix.shape[0], size),
        )
        return Rows(matrix, self.low, self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Milp:
    """
    A program of v variables that is minimised.

    Attributes
    ----------
    objective, low, high : ndarray of float64, shape (v,)
        Coefficient and bounds of each variable.
    is_integer : ndarray of bool, shape (v,)
        Which variables are whole numbers.
    rows : sequence of Rows
        Constraints; those on fewer variables are taken to be on the first ones.
    """

    objective: FloatArray
    low: FloatArray
    high: FloatArray
    is_integer: BoolArray
    rows: Sequence[Rows]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """
    What HiGHS found.

    Attributes
    ----------
    values : ndarray of float64, shape (v,), or None
        The best values found; None for none.
    bound : float
        Proven lower bound of the objective.
    is_proven : bool
        Whether `values` is optimal, or proven not to exist.
    """

    values: FloatArray | None
    bound: float
    is_proven: bool


_OPTIONS = {
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
    "mip_feasibility_tolerance": 1e-7,
}


class _SilentHighs(highspy.Highs):
    """HiGHS that prints nothing: it enables callbacks while it is built, and prints before that."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802 - the name in highspy
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def run(program: Milp, start: FloatArray | None = None, seconds: float | None = None) -> Solved:
    """
    Solve a program.

    Parameters
    ----------
    program : Milp
        What is minimised.
    start : ndarray of float64, shape (v,), optional
        Values that meet all constraints, from which the search begins.
    seconds : float, optional
        When to stop with the best found so far; never by default.
    """
    if not len(program.objective):  # HiGHS takes no program without variables
        met = all((part.low <= 0).all() and (part.high >= 0).all() for part in program.rows)
        return Solved(np.empty(0) if met else None, 0.0, is_proven=True)
    solver = _SilentHighs()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    if seconds is not None:
        solver.setOptionValue("time_limit", float(seconds))
    solver.passModel(_arrays(program))
    if start is not None:
        solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
    solver.run()
    return _read(solver, program)


def _arrays(program: Milp) -> highspy.HighsLp:
    """Return the program in the solver's own arrays."""
    size = len(program.objective)
    rows = [part.widened(size) for part in program.rows]
    matrix = csr_array(vstack([part.matrix for part in rows], format="csr"))
    arrays = highspy.HighsLp()
    arrays.num_col_, arrays.num_row_ = size, matrix.shape[0]
    arrays.col_cost_ = program.objective
    arrays.col_lower_, arrays.col_upper_ = program.low, program.high
    arrays.row_lower_ = np.concatenate([part.low for part in rows])
    arrays.row_upper_ = np.concatenate([part.high for part in rows])
    arrays.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    arrays.a_matrix_.start_ = matrix.indptr
    arrays.a_matrix_.index_ = matrix.indices
    arrays.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    arrays.integrality_ = [kinds[whole] for whole in program.is_integer.tolist()]
    return arrays


def _read(solver: highspy.Highs, program: Milp) -> Solved:
    """Return what the solver ended with."""
    status, info = solver.getModelStatus(), solver.getInfo()
    ended = status in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible}
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return Solved(None, np.nan, is_proven=ended)
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    values[program.is_integer] = np.rint(values[program.is_integer])
    bound = info.mip_dual_bound if program.is_integer.any() else info.objective_function_value
    return Solved(values, float(bound), is_proven=ended)
