"""
Lacking: what data an estate lacks under a rule, coded by layer, kind and column.

A code names a layer that nobody has looked for (``units``), a kind of it (``facilities/clinic``), a
column that is empty (``estates.households``), with the number of its rows where they were counted
(``pipelines.year*3``), walkways in pieces (``walkways.network``) or homes outside the estates
(``buildings.surroundings``). Several stand in one text, apart by blanks. Who must supply the data
follows from the rule and the layer; `in_words` says both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import layers
from geo.arrays import BoolArray, IntArray, ObjectArray
from rules import walking
from rules.bodies import mentioned
from rules.context import EvaluationContext
from rules.grouping import counted
from rules.model import Book, Rule
from rules.rows import Rows
from rules.selection import Selection
from wording import Language, Text, listing, say
from wording.catalogue import catalogue

_SAID = {"network": "lacking.network", "surroundings": "lacking.surroundings"}
"""What no column of a layer stands for."""


@dataclass(frozen=True, slots=True)
class Datum:
    """
    One piece of data that an estate lacks.

    Attributes
    ----------
    place : str
        A layer, a kind of it or a column, as it is coded, without a number.
    cells : int
        How many cells are empty; 0 where they are not counted.
    holder : str
        Id of the body that must supply it.
    """

    place: str
    cells: int
    holder: str

    def label(self, language: Language) -> str:
        """Return what it is called, with the number of empty cells."""
        layer, _, kind = self.place.partition("/")
        if kind:
            codes = layers.ALL[layer].column("kind").codes or {}
            return codes[kind][language]
        layer, _, column = self.place.partition(".")
        spec = layers.ALL[layer]
        if not column:
            return spec.label(language)
        if column in _SAID:
            return say(_SAID[column], language)
        words = {"layer": spec.label(language), "column": spec.column(column).label(language)}
        # A single estate is the one that the finding is about.
        cells = 0 if layer == "estates" and self.cells == 1 else self.cells
        counted_by = f"members.{layer}"
        if cells and counted_by in catalogue():
            members = say(counted_by, language, n=cells)
            return say("lacking.cells_of", language, members=members, **words)
        return say("lacking.cells" if cells else "lacking.column", language, count=cells, **words)


class Lacking:
    """What data are missing, by estate."""

    def __init__(self, context: EvaluationContext) -> None:
        self._context = context
        self._everywhere: list[str] = []
        self._noted: list[tuple[str, BoolArray]] = []

    def unsurveyed(self, layer: str, kinds: Sequence[str] = ()) -> BoolArray:
        """Note where nobody has looked for a layer, or for some kinds of it, shape (n,)."""
        codes = self._context.unsurveyed(layer, kinds)
        self._everywhere += codes
        left_out = self._context.left_out(layer)
        self._note(layer, left_out)
        return left_out | bool(codes)

    def walkways(self) -> bool:
        """Note that there is nothing to walk on; return whether that is so."""
        if walking.is_possible(self._context):
            return False
        self._everywhere.append("walkways")
        return True

    def places(self, rows: Rows, names: Sequence[str]) -> None:
        """Note for every estate which columns of the places that could serve it are empty."""
        self._everywhere += [
            f"{rows.layer}.{name}"
            for name in names
            if name in rows.source and rows.column(name).isna().any()
        ]

    def cut_off(self, estates: BoolArray) -> None:
        """Note the estates, shape (n,), whose walks are not on one connected network."""
        if walking.is_possible(self._context):  # without any walkway there is nothing to connect
            self._note("walkways.network", estates)

    def outside(self, unsure: BoolArray) -> None:
        """Note the estates, where `unsure`, shape (n,), that share with homes nobody counted."""
        surveyed = self._context.outside.is_surveyed
        self._note("buildings.households" if surveyed else "buildings.surroundings", unsure)

    def rows(self, layer: str, absent: BoolArray) -> None:
        """Note the estates, where `absent`, shape (n,), of which a layer has no row."""
        self._note(layer, absent)

    def people(self, unknown: BoolArray) -> None:
        """Note the estates, where `unknown`, shape (n,), of which nobody knows who lives there."""
        self._note("estates.households", unknown)

    def columns(self, rows: Rows, names: Sequence[str], asked: BoolArray) -> None:
        """Note which columns of which rows, where `asked`, are empty, counted by estate."""
        known = {column.name for column in layers.ALL[rows.layer].columns}
        mine = asked & (rows.estate >= 0)
        for name in names:
            if name not in known:  # measured on the geometry, which is never empty
                continue
            empty = mine & rows.column(name).isna().to_numpy(dtype=bool)
            counts = counted(rows.estate[empty], self._context.size)
            for count in np.unique(counts[counts > 0]).tolist():
                self._note(f"{rows.layer}.{name}*{count}", counts == count)

    def _note(self, code: str, estates: BoolArray) -> None:
        if estates.any():
            self._noted.append((code, estates))

    def of(self, estates: IntArray) -> ObjectArray:
        """
        Return the codes of what some estates lack, each once.

        Parameters
        ----------
        estates : ndarray of int64, shape (k,)
            Positions of estates.

        Returns
        -------
        ndarray of str, shape (k,)
            Codes apart by blanks, "" for nothing.
        """
        noted = np.array([lacks[estates] for _, lacks in self._noted], dtype=np.bool_)
        # Many estates lack the same: each combination is written once.
        alike, which = np.unique(
            noted.reshape(len(self._noted), len(estates)), axis=1, return_inverse=True
        )
        texts = [self._text(lacks) for lacks in alike.T]
        return np.array(texts, dtype=object)[which]

    def _text(self, lacks: BoolArray) -> str:
        """Return the codes noted everywhere, and those noted where it `lacks` them."""
        noted = [
            code for (code, _), is_lacking in zip(self._noted, lacks, strict=True) if is_lacking
        ]
        return " ".join(dict.fromkeys([*self._everywhere, *noted]))


def in_words(
    codes: str, rule: Rule, book: Book, language: Language, town: str | None = None
) -> tuple[str, str]:
    """
    Say what is lacking and who must supply it.

    Parameters
    ----------
    codes : str
        As `Lacking.of` returned them.
    rule : Rule
        Under which the data are lacking.
    book : Book
        Who supplies what.
    language : {"zh", "en"}
        Of the words.
    town : str or None
        Name of the estate's town.

    Returns
    -------
    data, departments : str
        "" where nothing is lacking.
    """
    lacks = data_lacking(codes, rule, book)
    bodies = dict.fromkeys(book.body(one.holder, town)[language] for one in lacks)
    data = dict.fromkeys(one.label(language) for one in lacks)
    return Text("；", "; ")[language].join(data), listing(bodies, language)


def wanted(codes: str, rule: Rule, book: Book, language: Language, town: str | None = None) -> str:
    """Say of every body what it must supply; parameters as in `in_words`."""
    by_body: dict[Text, dict[str, None]] = {}
    for one in data_lacking(codes, rule, book):
        body = mentioned(book.body(one.holder, town))
        by_body.setdefault(body, {})[one.label(language)] = None
    return Text("；", "; ")[language].join(
        say("lacking.wanted", language, body=body, data=listing(data, language))
        for body, data in by_body.items()
    )


def data_lacking(codes: str, rule: Rule, book: Book) -> tuple[Datum, ...]:
    """
    Return what is lacking, piece by piece.

    Parameters
    ----------
    codes : str
        As `Lacking.of` returned them.
    rule : Rule
        Under which the data are lacking.
    book : Book
        Who supplies what.
    """
    found = []
    for code in codes.split():
        place, _, count = code.partition("*")
        found.append(Datum(place, int(count or 0), _holder(place, rule, book)))
    return tuple(dict.fromkeys(found))


def _holder(place: str, rule: Rule, book: Book) -> str:
    """Return who holds what is lacking; of a layer that no body holds, the item's lead."""
    place, _, kind = place.partition("/")
    layer, _, column = place.partition(".")
    if rule.supplier or layer not in book.supply:
        return rule.supplier or book.items[rule.item].lead
    asked = rule.measure if isinstance(rule.measure, Selection) else None
    kinds = asked.kinds if asked is not None and asked.layer == layer else ()
    return book.supply[layer].holder(column, (kind,) if kind else kinds)
