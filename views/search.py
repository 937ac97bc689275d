"""Search by name or by pinyin initials: 药材, yaocai and ycgs all find 药材公司家属院."""

import re
from functools import lru_cache
from itertools import islice, product

import pandas as pd
from pypinyin import Style, pinyin

_KEPT = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
_TRIED = 64  # readings of one name: 朝阳 may be chaoyang or zhaoyang
_OFFERED = 2


@lru_cache(maxsize=1 << 17)
def search_keys(name: str) -> str:
    """Return the search keys of `name`, in lower case: itself, full pinyin, initials."""
    full = ["".join(reading) for reading in _readings(name)]
    keys = [name, *full, *initials(name)]
    return " ".join(dict.fromkeys(_KEPT.sub("", key.lower()) for key in keys))


@lru_cache(maxsize=1 << 17)
def initials(name: str) -> tuple[str, ...]:
    """Return the pinyin initials of `name`, once for each way of reading it."""
    spelled = ("".join(map(_initial, reading)) for reading in _readings(name))
    return tuple(dict.fromkeys(_KEPT.sub("", text.lower()) for text in spelled))


def _readings(name: str) -> list[tuple[str, ...]]:
    """Return the ways of reading a name, syllable by syllable, the likeliest first."""
    syllables = pinyin(name, style=Style.NORMAL, heteronym=True, errors="default")
    return list(islice(product(*syllables), _TRIED))


def _initial(syllable: str) -> str:
    """Return the first letter of a syllable; what is no syllable, whole."""
    return syllable[:1] if syllable.isascii() and syllable.isalpha() else syllable


def matches(names: pd.Series, wanted: str) -> pd.Series:
    """
    Return which names `wanted` finds.

    Parameters
    ----------
    names : pandas.Series of str
        Names of estates.
    wanted : str
        What was typed; blanks and punctuation do not matter, "" finds everything.

    Returns
    -------
    pandas.Series of bool
        On the index of `names`.
    """
    needle = _KEPT.sub("", wanted.lower())
    keys = names.fillna("").map(search_keys)
    return keys.str.contains(needle, regex=False)


def option_label(name: str) -> str:
    """Return a name with its initials, so that a list filtered by typing finds both."""
    shown = " ".join(initials(name)[:_OFFERED])
    return f"{name}　{shown}" if shown else name
