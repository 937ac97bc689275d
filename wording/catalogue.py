"""
The catalogue: every text that is not a label beside its code, by key, from ``texts/*.toml``.

An entry has both languages side by side, with named fields::

    [data]
    row_count = { zh = "{n:,} 行", en = { one = "{n:,} row", other = "{n:,} rows" } }

Where a language has several forms, the field ``n`` chooses: ``zero`` and ``one`` if there are
such forms, else ``other``. A key is the table's name and the entry's, such as ``data.row_count``.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from wording.text import LANGUAGES, Language, Text

Forms: TypeAlias = Mapping[str, str]
_FOLDER = Path(__file__).with_name("texts")
_FORM = {0: "zero", 1: "one"}


@cache
def catalogue() -> Mapping[str, Mapping[Language, Forms]]:
    """Return the forms of every text, by key and language."""
    entries = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for table, texts in tables.items():
            for name, entry in texts.items():
                entries[f"{table}.{name}"] = {side: _forms(entry[side]) for side in LANGUAGES}
    return entries


def say(key: str, language: Language, /, **values: object) -> str:
    """
    Return the text of `key` in `language`, its fields filled once.

    Parameters
    ----------
    key : str
        Key of the catalogue.
    language : {"zh", "en"}
        Whose text.
    **values
        Values of the fields; a `Text` is given in `language`. Braces in a value stay letters.

    Raises
    ------
    KeyError
        If there is no such key, or a field has no value: a fault of the program.
    """
    forms = catalogue()[key][language]
    template = forms.get(_FORM.get(_count(values), "other"), forms["other"])
    return template.format_map({name: _said(value, language) for name, value in values.items()})


def say_parts(key: str, language: Language, /, **values: object) -> list[str]:
    """Return the parts of a text that ``|`` separates, such as the headings of a table."""
    return say(key, language, **values).split("|")


def text(key: str, /, **values: object) -> Text:
    """
    Return the text of `key` in both languages, for a value that is shown later.

    Raises
    ------
    KeyError
        As `say`.
    """
    return Text(*(say(key, language, **values) for language in LANGUAGES))


def _forms(entry: str | dict[str, str]) -> Forms:
    return {"other": entry} if isinstance(entry, str) else entry


def _count(values: Mapping[str, object]) -> int:
    """Return the number that chooses a form; -1, which chooses ``other``, where there is none."""
    number = values.get("n")
    return number if isinstance(number, int) else -1


def _said(value: object, language: Language) -> Any:  # noqa: ANN401 - any value can be formatted
    return value[language] if isinstance(value, Text) else value
