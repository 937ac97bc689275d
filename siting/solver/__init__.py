"""The solver: a plain problem in, a plain answer out; it knows no district."""

from siting.solver.answer import Reason, Relaxation, Siting
from siting.solver.problem import SitingProblem
from siting.solver.relaxing import relaxations
from siting.solver.solving import curve, near_equal, solve

__all__ = [
    "Reason",
    "Relaxation",
    "Siting",
    "SitingProblem",
    "curve",
    "near_equal",
    "relaxations",
    "solve",
]
