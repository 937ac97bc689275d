"""Ink: how lines, areas and letters look. Lengths in millimetres on paper, type in points."""

from dataclasses import dataclass
from functools import lru_cache

from layers.style import RGB, Hatch, Ink

__all__ = ["BLACK", "RGB", "WHITE", "Hatch", "Ink", "TextStyle", "colour_operator"]

BLACK: RGB = (31, 39, 51)
WHITE: RGB = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class TextStyle:
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
