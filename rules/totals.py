"""
Totals: what several layers state of one thing, put into words.

A code names a column and its sum over an estate (``buildings.households=118``); ``>`` in place of
``=`` marks the sum of an incomplete column. Several stand in one text, apart by blanks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import layers
from rules.model import Book
from wording import Language, listing, say

_CODE = re.compile(r"(\w+)\.(\w+)([=>])(\S+)")


@dataclass(frozen=True, slots=True)
class Total:
    """What one layer states of an estate: at least so much where rows have no figure."""

    layer: str
    column: str
    is_complete: bool
    amount: float


def totals(codes: str) -> Iterator[Total]:
    """Yield the totals that are coded in a text, in its order."""
    for layer, column, sign, amount in _CODE.findall(codes):
        yield Total(layer, column, sign == "=", float(amount))


def in_words(codes: str, book: Book, language: Language, town: str | None = None) -> str:
    """
    Say what every layer states, and who holds it.

    Parameters
    ----------
    codes : str
        As `rules.measures.agreement` coded them.
    book : Book
        Who holds the data of a layer.
    language : {"zh", "en"}
        Of the words.
    town : str or None
        Name of the estate's town.
    """
    return listing((_said(total, book, language, town) for total in totals(codes)), language)


def _said(total: Total, book: Book, language: Language, town: str | None) -> str:
    spec = layers.ALL[total.layer]
    unit = spec.column(total.column).unit_in(language)
    holder = book.supply[total.layer].holder(total.column)
    return say(
        "totals.one" if total.is_complete else "totals.at_least",
        language,
        layer=spec.label(language),
        amount=f"{total.amount:,.10g} {unit}".rstrip(),
        holder=book.body(holder, town)[language],
    )
