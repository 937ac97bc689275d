"""Text: one label or sentence in the two languages, kept beside the code that it names."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Text:
    """
    One text in both languages: ``Text("达标", "met")["zh"]`` is ``"达标"``.

    Attributes
    ----------
    zh, en : str
        The Chinese and the English text.
    """

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        """
        Return the text in `language`.

        Raises
        ------
        KeyError
            If `language` is neither ``"zh"`` nor ``"en"``.
        """
        return {"zh": self.zh, "en": self.en}[language]


def in_language(texts: Mapping[Key, Text], language: Language) -> dict[Key, str]:
    """Return the texts of a mapping in `language`, by the same keys."""
    return {key: text[language] for key, text in texts.items()}


def listing(names: Iterable[str], language: Language) -> str:
    """Return names as a list in a sentence: parted by 、 in Chinese, by commas in English."""
    return Text("、", ", ")[language].join(names)
