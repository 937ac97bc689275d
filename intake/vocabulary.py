"""Vocabulary: the words of survey tables, from vocabulary.toml, looked up by layer and column."""

import tomllib
from collections.abc import Iterable
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import layers


class Sense(IntEnum):
    """What a qualifier does to a heading, the stronger the greater."""

    SAME = 0
    UNKNOWN = 1
    OTHER = 2


@cache
def _file() -> dict[str, Any]:
    with Path(__file__).with_name("vocabulary.toml").open("rb") as stream:
        return tomllib.load(stream)


def layer_words(layer: str, column: str) -> tuple[str, ...]:
    """Return the headings that are certainly a column in this layer."""
    return tuple(_file()["layers"].get(layer, {}).get(column, ()))


def column_words(layer: str, column: str) -> tuple[str, ...]:
    """Return the headings that are certainly a column in any layer; names where it refers."""
    names = () if layers.ALL[layer].key == column else _file()["references"].get(column, ())
    return (*_file()["columns"].get(column, ()), *names)


def likely_words(column: str) -> tuple[str, ...]:
    """Return the headings that are probably a column."""
    return tuple(_file()["likely"].get(column, ()))


def position_words(kind: str) -> tuple[str, ...]:
    """Return the headings of ``lon``, ``lat``, ``x``, ``y`` or ``pair``."""
    return tuple(_file()["position"][kind])


def code_words(layer: str, column: str) -> dict[str, str]:
    """Return code by word for a coded column: what surveys write beside the code's own label."""
    codes = _file()["codes"].get(layer, {}).get(column, {})
    return {word: code for code, words in codes.items() for word in words}


def title_words() -> tuple[str, ...]:
    """Return what a title may say that makes the numbers of its table those of something else."""
    return tuple(_file()["titles"]["asked"])


@cache
def all_words() -> frozenset[str]:
    """Return every heading that is known for any column, labels included."""
    file = _file()
    known = [
        word for words in (*file["columns"].values(), *file["likely"].values()) for word in words
    ]
    for own in file["layers"].values():
        known += [word for words in own.values() for word in words]
    known += [column.label_zh for spec in layers.ALL.values() for column in spec.columns]
    return frozenset(known)


@lru_cache(maxsize=65536)
def sense(qualifier: str, layer: str) -> Sense:
    """
    Return what a qualifier makes of a heading in a table of `layer`.

    Parameters
    ----------
    qualifier : str
        What a heading says beside a known word, in one width, without blanks.
    layer : str
        Whose table it is: 小区户数 is the count of an estate, and not of one of its buildings.
    """
    words, owners = _file()["qualifiers"], _file()["owners"]
    rest = _without(qualifier, (*words["same"], *owners.get(layer, ())))
    if not rest:
        return Sense.SAME
    if any(word in qualifier for word in words["asked"]):
        return Sense.UNKNOWN
    foreign = [word for name, own in owners.items() if name != layer for word in own]
    is_other = any(word in rest for word in (*words["other"], *foreign))
    return Sense.OTHER if is_other else Sense.UNKNOWN


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip("/_-:,、;.")
