"""
Siting: where the next places of a kind should stand.

It takes a plain problem, so that any published instance can be run.
"""

from siting.solver import (
    Reason,
    Relaxation,
    Siting,
    SitingProblem,
    curve,
    near_equal,
    relaxations,
    solve,
)

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
