"""Revision: what an edition shows otherwise than the one before it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageChange:
    """
    One difference between two issues.

    Attributes
    ----------
    kind : {"added", "changed", "removed", "since_signed"}
        What became of the page; the last is one that is as in the issue before, but not as in an
        earlier one that a body signed.
    title, number : str
        图名, 图号; the number is "" where an earlier build did not keep it.
    unsigned : tuple of (str, str)
        Bodies that signed another content of the page, each with the edition it signed.
    """

    kind: str
    title: str
    number: str = ""
    unsigned: tuple[tuple[str, str], ...] = ()


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

    @property
    def unsigned(self) -> tuple[PageChange, ...]:
        """The pages that some body would have to sign again."""
        return tuple(change for change in self.changes if change.unsigned)
