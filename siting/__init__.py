"""
Siting: where the next places of a kind should stand.

It takes a plain problem, so that any published instance can be run.
"""

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
