"""The arrays that functions take and return, by what they hold; shapes are said where they are."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
"""Coordinates and measures; NaN is unknown."""

IntArray: TypeAlias = npt.NDArray[np.int64]
"""Counts, labels, and positions; -1 is none."""

IndexArray: TypeAlias = npt.NDArray[np.intp]
"""Positions in another array."""

BoolArray: TypeAlias = npt.NDArray[np.bool_]
"""Answers, one for each element of another array."""

ShapeArray: TypeAlias = npt.NDArray[np.object_]
"""Geometries; None is missing."""

ObjectArray: TypeAlias = npt.NDArray[np.object_]
"""Python objects that are no numbers: texts, geometries, outcomes."""
