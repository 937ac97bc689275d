"""Revision: what an edition shows otherwise than the one before it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageChange:
    """
    One difference between two issues.

    Attributes
    ----------
    kind : {"added", "changed", "removed"}
        What became of the page.
    title, number : str
        图名, 图号; the number is "" where an earlier build did not keep it.
    """

    kind: str
    title: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """
    What changed since the last edition for the same readers.

    Attributes
    ----------
    edition, date, stage : str
        Of that edition.
    changes : tuple of PageChange
        In the order of the pages, removed ones last.
    """

    edition: str
    date: str
    stage: str
    changes: tuple[PageChange, ...]
