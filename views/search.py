"""Search by name or by pinyin initials: 药材, yaocai and ycgs all find 药材公司家属院."""

import re
from functools import lru_cache

import pandas as pd
from pypinyin import Style, lazy_pinyin

_KEPT = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")


@lru_cache(maxsize=1 << 17)
def search_keys(name: str) -> str:
    """Return all that `name` may be found by, in lower case: itself, full pinyin, initials."""
    full = "".join(lazy_pinyin(name, errors="default"))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))
    return " ".join(_KEPT.sub("", part.lower()) for part in (name, full, initials))


def matches(names: pd.Series, wanted: str) -> pd.Series:
    """
    Tell which names `wanted` finds.

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


@lru_cache(maxsize=1 << 14)
def option_label(name: str) -> str:
    """Return a name with its pinyin initials, so that a list filtered by typing finds both."""
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    return f"{name}　{initials.lower()}" if initials else name
