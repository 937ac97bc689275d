"""
One random stream for each part of the town, spawned from the master seed.

A part draws from its own stream alone, so that adding a part never changes another. New names are
appended, never inserted: a stream is known by its place.
"""

import numpy as np

NAMES = (
    "frame",
    "mix",
    "estates",
    "infill",
    "pipes",
    "green",
    "trees",
    "parking",
    "facilities",
    "surveys",
    "units",
    "walls",
    "greening",
    "traits",
    "counts",
)


def streams(seed: int) -> dict[str, np.random.Generator]:
    """
    Return the random generator of every part.

    Parameters
    ----------
    seed : int
        Master seed, not negative.
    """
    children = np.random.SeedSequence(seed).spawn(len(NAMES))
    return {name: np.random.default_rng(child) for name, child in zip(NAMES, children, strict=True)}
