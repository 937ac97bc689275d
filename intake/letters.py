"""Letters: text in one width, without invisible marks, and in one form of each character."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_UNSEEN = dict.fromkeys(
    code for code in range(0x2FFF) if unicodedata.category(chr(code)) == "Cf"
) | {0xFEFF: None}


_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")


def raised(text: str) -> str:
    """Return text that stands above the line in signs that do: 120 and a mark 1 are not 1201."""
    return text.translate(_RAISED)


@lru_cache(maxsize=65536)
def level(text: str) -> str:
    """
    Return text in half width, stripped, without zero-width and direction marks.

    For keys, which are kept so; names stay as they were written.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip()


@lru_cache(maxsize=65536)
def comparable(text: str) -> str:
    """Return text as `level` does, with simplified characters for traditional ones and variants."""
    plain = level(text)
    return plain if plain.isascii() else plain.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    """Return the simplified form by the code of each other form."""
    lines = Path(__file__).with_name("traditional.txt").read_text(encoding="utf-8").splitlines()
    forms = (line for line in lines if not line.startswith("#"))
    return {ord(other): line[0] for line in forms for other in line[1:]}
