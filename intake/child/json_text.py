"""JSON of a whole file, and the rows that can be read of one that is damaged."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from intake.child.fault_place import fault_place
from intake.child.refused import Refused
from intake.reading import Note, RowFlaw

_LARGEST_TEXT = 100_000


def load(text: str) -> dict[str, Any]:
    """
    Return the object that a text holds.

    Parameters
    ----------
    text : str
        All of a file.

    Raises
    ------
    Refused
        If it is nested too deeply, or is not one object.
    ValueError
        If it is no JSON.
    """
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except RecursionError as error:
        raise Refused("json.deep") from error
    if not isinstance(whole, dict):
        raise Refused("refused.json", type(whole).__name__)
    return whole


@dataclass(frozen=True, slots=True)
class Salvaged:
    """
    What can be read of a damaged text.

    Attributes
    ----------
    whole : dict
        The object that holds the rows, without them.
    rows : list of JSON
        Rows in their order, None for one that is damaged.
    flaws : tuple of RowFlaw
        The damaged rows with their text.
    notes : tuple of Note
        That the file is damaged, and where.
    """

    whole: dict[str, Any]
    rows: list[Any]
    flaws: tuple[RowFlaw, ...]
    notes: tuple[Note, ...]


def salvage(text: str, begin: re.Pattern[str], damage: ValueError) -> Salvaged:
    """
    Return what can be read of a damaged text, row by row.

    Parameters
    ----------
    text : str
        JSON that does not parse.
    begin : re.Pattern
        How a row begins; one inside another is no row.
    damage : ValueError
        What is wrong with the text.

    Raises
    ------
    Refused
        If no row can be read.
    """
    rows: list[Any] = []
    flaws = []
    for value, piece, error in _pieces(text, begin):
        rows.append(value)
        if error:
            flaws.append(RowFlaw(len(rows), "json.broken", error, raw(piece)))
    if not any(row is not None for row in rows):
        raise Refused("json.broken", str(damage)) from damage
    first = begin.search(text)
    try:
        head = json.loads(text[: first.start() if first else 0] + "]}")
    except (ValueError, RecursionError):
        head = {}
    notes = (Note("json.salvaged", str(damage)),)
    return Salvaged(head if isinstance(head, dict) else {}, rows, tuple(flaws), notes)


def raw(text: str) -> bytes:
    """Return the beginning of a damaged row as it was in the file."""
    return text[:_LARGEST_TEXT].encode("utf-8", "surrogateescape")


def _pieces(text: str, begin: re.Pattern[str]) -> Iterator[tuple[Any, str, str]]:
    """Yield each row; or None, the text where one begins that is damaged, and why."""
    decoder = json.JSONDecoder()
    starts = [found.start() for found in begin.finditer(text)]
    end = 0
    for start, after in zip(starts, [*starts[1:], len(text)], strict=False):
        if start < end:
            continue
        try:
            value, end = decoder.raw_decode(text, start)
            yield value, "", ""
        except (ValueError, RecursionError) as error:
            yield None, text[start:after], fault_place(error)
