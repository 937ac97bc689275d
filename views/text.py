"""
Words: every text of the interface, in the user's language, and data made harmless for Markdown.

Message ids are English; `locale/<locale>/LC_MESSAGES/messages.po` holds each language.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from babel.messages.pofile import read_po

Language: TypeAlias = Literal["zh", "en"]

LOCALES: Mapping[Language, str] = {"zh": "zh_CN", "en": "en"}
_CATALOGUES = Path(__file__).with_name("locale")
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,./;<=>?@\[\\\]^_`{|}~:-])")
_MARKS = re.compile(r"(?i)(:(?=[\w/+-])|@|[<>=~-](?=[<>=~-])|www(?=\.))")
_WORD_JOINER = (
    "\u2060"  # no width; keeps emoji codes, arrows and bare addresses from being recognised
)


class Words:
    """
    The catalogue of one language: ``words("Search")`` returns its text.

    Parameters
    ----------
    language : {"zh", "en"}
        Whose texts.
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._texts = catalogue(language)

    def __call__(self, message: str, **values: object) -> str:
        """Return `message` in this language, its ``{fields}`` filled with `values` once."""
        text = self._texts.get(message, message)
        return text.format(**values) if values else text

    def pick(self, pair: tuple[str, str]) -> str:
        """Return the text of this language out of a (Chinese, English) pair."""
        return pair[0] if self.language == "zh" else pair[1]


@lru_cache(maxsize=4)
def catalogue(language: Language) -> Mapping[str, str]:
    """Return every message of `language` by its English id."""
    path = _CATALOGUES / LOCALES[language] / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=LOCALES[language])
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def message(text: str) -> str:
    """Return `text`; marks a message id that is translated later, where it is shown."""
    return text


def plain(value: object) -> str:
    """
    Return `value` as Markdown that shows exactly its characters and nothing more.

    Data reaches `st.markdown`, labels and options only through here: links, pictures, formulas,
    directives, emoji codes and HTML all stay letters.
    """
    text = re.sub(r"\s+", " ", str(value))
    return _PUNCTUATION.sub(r"\\\1", _MARKS.sub(rf"\1{_WORD_JOINER}", text))
