"""
Headings: which column of a file is which column of a layer.

A heading is compared as offices write it, with the synonyms of headings.toml, the unit in brackets
taken off and remembered, and the ten bytes of a shapefile taken into account. What a source was
mapped to last time comes first. A column that nothing maps to stays unknown; a heading that maps to
nothing is shown and left out.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from intake.letters import level
from intake.proposal import Candidate, Proposal
from layers.column import short_names
from layers.spec import Column, LayerSpec
from wording import Text

NOTHING = ""
"""The choice "this column is not in the file"."""

_UNIT = re.compile(
    r"[(（\[【]\s*([^()（）\[\]【】]{1,12}?)\s*[)）\]】]\s*$|[,，:：]\s*单位\s*[:：]?\s*(\S{1,6})$"
)
_LEAST = 0.6
_SHORTEST_CUT = 8  # bytes: a heading this long may be a longer one cut at ten


@cache
def _file() -> dict[str, Any]:
    with Path(__file__).with_name("headings.toml").open("rb") as stream:
        return tomllib.load(stream)


def synonyms(layer: str, column: str) -> tuple[str, ...]:
    """Return the headings known for a column, those of its layer first."""
    own = _file()["layers"].get(layer, {}).get(column, ())
    return (*own, *_file()["columns"].get(column, ()))


def position_words(kind: str) -> frozenset[str]:
    """Return the plain headings of ``lon``, ``lat``, ``x``, ``y`` or ``pair``."""
    return frozenset(plain(word) for word in _file()["position"][kind])


@lru_cache(maxsize=65536)
def plain(heading: str) -> str:
    """Return a heading for comparison: no width, no blanks, no unit, lower case."""
    text = level(_UNIT.sub("", heading.strip()))
    return re.sub(r"[\s_\-:：*＊]+", "", text).lower()


def unit_of(heading: str) -> str:
    """Return the unit in a heading's brackets, "" if none."""
    found = _UNIT.search(heading.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def factor(heading: str, column: Column) -> float:
    """Return what a number under `heading` is multiplied by to be in the column's unit."""
    return conversion(unit_of(heading), column) or 1.0


def conversion(unit: str, column: Column) -> float:
    """Return what a number in `unit` is multiplied by to be in the column's unit, 0 if unknown."""
    return float(_file()["units"].get(f"{unit}>{column.unit}", 0.0))


def propose(
    spec: LayerSpec, headings: Sequence[str], remembered: Mapping[str, str]
) -> tuple[Proposal, ...]:
    """
    Propose a heading for every column of a layer.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    headings : sequence of str
        The file's headings.
    remembered : mapping of str to str
        Column to heading, as accepted last time for this source.

    Returns
    -------
    tuple of Proposal
        One a column, step ``column:<name>``; settled where one heading is clearly meant or none is.
    """
    scores = {
        (column.name, heading): _score(spec, column, heading, remembered)
        for column in spec.columns
        for heading in headings
    }
    taken: dict[str, str] = {}
    for (name, heading), value in sorted(scores.items(), key=lambda item: -item[1]):
        if value >= _LEAST and name not in taken and heading not in taken.values():
            taken[name] = heading
    return tuple(_proposal(column, headings, scores, taken) for column in spec.columns)


def _proposal(
    column: Column,
    headings: Sequence[str],
    scores: Mapping[tuple[str, str], float],
    taken: Mapping[str, str],
) -> Proposal:
    ranked = sorted(headings, key=lambda heading: -scores[column.name, heading])
    best = [Candidate(h, Text(h, h), scores[column.name, h]) for h in ranked]
    none = Candidate(NOTHING, Text("文件中没有", "not in the file"), 0.0)
    unit = f" [{column.unit}]" if column.unit else ""
    question = Text(
        f"文件中哪一列是“{column.label_zh}{unit}”？",
        f"Which column of the file is {column.label_en}{unit}?",
    )
    chosen = taken.get(column.name, NOTHING)
    first = next((c for c in best if c.value == chosen), None)
    others = [c for c in best if c is not first]
    return Proposal(
        f"column:{column.name}", question, tuple(filter(None, [first, *others, none])), chosen
    )


def _score(spec: LayerSpec, column: Column, heading: str, remembered: Mapping[str, str]) -> float:
    """Return 0 to 2: remembered, our own name or label, a synonym, a cut or contained name."""
    if remembered.get(column.name) == heading:
        return 2.0
    whole, leaf = plain(heading), plain(heading.rsplit("/", 1)[-1])
    short = short_names(spec.columns)[column.name]
    own = [plain(word) for word in (column.name, column.label_zh, column.label_en, short)]
    known = [plain(word) for word in synonyms(spec.name, column.name)]
    first = own + known[: len(_own_words(spec, column))]
    for words, score in ((own, 1.0), (first, 0.97), (known, 0.95)):
        if whole in words:
            return score
        if leaf in words:
            return score - 0.03
    if len(heading.encode("gb18030")) >= _SHORTEST_CUT and any(
        word.startswith(whole) for word in own + known
    ):
        return 0.8
    if any(len(word) > 2 and word in whole for word in own + known):  # noqa: PLR2004 - short words are everywhere
        return 0.65
    return 0.0


def _own_words(spec: LayerSpec, column: Column) -> Sequence[str]:
    return _file()["layers"].get(spec.name, {}).get(column.name, ())  # type: ignore[no-any-return]
