"""A reason to refuse a formal issue, and the field in which it is mended."""

from dataclasses import dataclass

import layers
from atlas.text import clean
from wording import Language, Text, say


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

    def label(self, language: Language) -> str:
        """Return where it is mended in words: 小区 E07 户数, 图签 制图, 规则 drain.frost."""
        if self.layer in layers.ALL:
            spec = layers.ALL[self.layer]
            column = spec.column(self.column).label(language) if self.column else ""
            return " ".join(filter(None, (spec.label(language), clean(self.key), column)))
        return f"{say(f'field.{self.layer}', language)} {self._named(language)}"

    def _named(self, language: Language) -> str:
        """Return what its form calls the field, the id of a rule as it is."""
        if self.layer == "title_block":
            return say(f"title_block.{self.key}", language)
        if self.layer == "notice":
            return say(f"notice.{self.key}", language)
        return self.key if self.layer == "rules" else say("booklet.review_number", language)


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
