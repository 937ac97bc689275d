"""
Drawings: which layers of a drawing hold the features of a layer of the district.

A drawing holds everything at once: of its closed outlines some are buildings, others manholes. What
one of its layers holds is what it is called: of several words the last one says it (小区道路 are
roads), unless it is of notes. The words are in drawing_layers.toml.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from intake.letters import comparable
from intake.reading import DRAWN_TEXT, GEOMETRY_KINDS, DeliveredTable

FORMATS = frozenset({"dxf", "dgn"})
"""Formats of drawings: everything at once, told apart by layer or level."""
_LATIN = re.compile(r"[A-Z]+")
_POINTS = f" · {GEOMETRY_KINDS[0]}"
_BEHIND = re.compile(r" · [^·]*$")  # the kind of geometry, which the reader puts there


@cache
def _file() -> dict[str, Any]:
    with Path(__file__).with_name("drawing_layers.toml").open("rb") as stream:
        return tomllib.load(stream)


@cache
def _words() -> dict[str, frozenset[str]]:
    """Return the layers of the district by word; none for what is drawn beside."""
    beside = (*_file()["notes"]["words"], *_file()["other"]["words"])
    found: dict[str, set[str]] = {word: set() for word in beside}
    for name, words in _file()["layers"].items():
        for word in words:
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@lru_cache(maxsize=4096)
def meant(cad_layer: str) -> frozenset[str] | None:
    """
    Return the layers whose features may be drawn on a layer of a drawing.

    Parameters
    ----------
    cad_layer : str
        Its name in the drawing.

    Returns
    -------
    frozenset of str or None
        Names of layers, none for what belongs to no layer; None where the name says nothing.
    """
    text = comparable(cad_layer).upper()
    words = _words()
    found = [(token.end(), token.group()) for token in _LATIN.finditer(text)]
    found += [(text.rfind(w) + len(w), w) for w in words if w in text and not w.isascii()]
    known = [(end, len(word), word) for end, word in found if word in words]
    if any(word in _file()["notes"]["words"] for _, word in found):
        return frozenset()
    return words[max(known)[2]] if known else None


def is_doubtful(table: DeliveredTable) -> bool:
    """Return whether a name leaves open if what is drawn is there: 拆除房屋, 规划道路."""
    there = meant(table.name) or frozenset()
    doubtful = _file()["doubtful"]
    is_said = any(word in table.name for word in doubtful["words"])
    return is_said and not there.isdisjoint(doubtful["layers"])


def layers_meant(table: DeliveredTable) -> frozenset[str] | None:
    """Return what `meant` says of a table of a drawing; mere texts are of no layer."""
    named = None if is_doubtful(table) else meant(_BEHIND.sub("", table.name))
    if named is None and table.name.endswith(_POINTS):
        texts = next(field.cells for field in table.fields if field.heading == DRAWN_TEXT)
        return frozenset() if all(text is not None for text in texts) else None
    return named


def choose(tables: Mapping[int, DeliveredTable], layer: str) -> tuple[list[int], list[int]]:
    """
    Choose the tables of one drawing that hold the features of a layer.

    Parameters
    ----------
    tables : mapping of int to DeliveredTable
        The tables of the drawing whose geometry is the layer's, by number.
    layer : str
        The layer wanted.

    Returns
    -------
    tuple of list of int
        The tables to take: those that are called after the layer, else the only one whose name
        says nothing; and those among which a person must choose, if there is none to take.
    """
    names = {number: layers_meant(table) for number, table in tables.items()}
    sure = [number for number, there in names.items() if there is not None and layer in there]
    open_ = [number for number, there in names.items() if there is None]
    if sure:
        return sure, []
    if len(open_) == 1 and not is_doubtful(tables[open_[0]]):
        return open_, []
    return [], open_


def is_text(heading: str) -> bool:
    """Return whether a column of a drawing holds what is written in its outlines."""
    return heading.partition(" ")[0] == DRAWN_TEXT
