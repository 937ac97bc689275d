"""Ink: how lines, areas and letters look. Lengths in millimetres on paper, type in points."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]

BLACK: RGB = (31, 39, 51)
WHITE: RGB = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Hatch:
    """
    Parallel lines over an area, so that it is told apart in black and white.

    Attributes
    ----------
    angle : float
        Degrees, counter-clockwise from the horizontal.
    gap, width : float
        Between lines, and of a line [mm].
    stroke : RGB
        Colour.
    """

    angle: float
    gap: float
    stroke: RGB
    width: float = 0.12


@dataclass(frozen=True, slots=True)
class Ink:
    """
    The look of a shape.

    Attributes
    ----------
    stroke, fill : RGB or None
        Colours; None draws no line, no area.
    width : float
        Of the line [mm].
    dash : tuple of float
        On, off, on, off ... [mm]; empty is solid.
    hatch : Hatch or None
        Drawn over the area.
    """

    stroke: RGB | None = None
    fill: RGB | None = None
    width: float = 0.15
    dash: tuple[float, ...] = ()
    hatch: Hatch | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """
    The look of letters.

    Attributes
    ----------
    face : {"sans", "bold", "serif"}
        Which chain of fonts.
    size : float
        [pt].
    colour : RGB
        Of the letters.
    """

    size: float = 7.0
    face: str = "sans"
    colour: RGB = BLACK


@lru_cache(maxsize=1024)
def colour_operator(colour: RGB, operator: str) -> str:
    """Return the PDF operator that sets `colour`: ``rg`` to fill, ``RG`` to stroke."""
    red, green, blue = (f"{channel / 255:.3g}" for channel in colour)
    return f"{red} {green} {blue} {operator}\n"
