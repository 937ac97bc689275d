"""A reason to refuse a formal issue, and the field in which it is mended."""

from dataclasses import dataclass

from wording import Text


@dataclass(frozen=True, slots=True)
class Field:
    """
    What is to be mended.

    Attributes
    ----------
    layer, key : str
        A row of the district; or ``"title_block"``, ``"notice"``, ``"rules"`` or ``"request"``
        and what of it.
    column : str
        Column of the row, "" for its shape as a whole.
    """

    layer: str
    key: str
    column: str = ""

    def __str__(self) -> str:
        """Return "estates E07 households"."""
        return " ".join(filter(None, (self.layer, self.key, self.column)))


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason to refuse a formal issue: its kind, a sentence in both languages, what to mend."""

    kind: str
    en: str
    zh: str
    field: Field | None = None

    @property
    def label(self) -> Text:
        """The problem in words."""
        return Text(self.zh, self.en)
