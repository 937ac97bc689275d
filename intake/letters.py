"""Letters: text in one width, without invisible marks."""

import unicodedata
from functools import lru_cache

_UNSEEN = dict.fromkeys(
    code for code in range(0x2FFF) if unicodedata.category(chr(code)) == "Cf"
) | {0xFEFF: None}


@lru_cache(maxsize=65536)
def level(text: str) -> str:
    """
    Return text in half width, stripped, without zero-width and direction marks.

    For keys, codes, numbers and headings; names stay as they were written.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip()
