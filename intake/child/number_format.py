"""Number formats of a workbook: what a person sees in a cell where it says more than its number."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from intake.reading import Cell

_LITERAL = r'"[^"]*"|\\.'
_SKIPPED = re.compile(r"_.|\*.|\[[^\]]*\]")
_DIGITS = re.compile(r"General|[0#?][0#?.,!]*(?:E[+-]?[0#]+)?", re.IGNORECASE)
_FRACTION = re.compile(r"[0#?]")
_ZEROS = re.compile(r"^0{2,}$")
_CURRENCY = "¥￥$"


@dataclass(frozen=True, slots=True)
class _Format:
    """The first section of a format: what stands before and behind the digits."""

    before: str
    digits: str
    behind: str

    @property
    def is_percent(self) -> bool:
        """Whether the number is shown a hundred times as large."""
        return "%" in self.behind

    @property
    def is_scaled(self) -> bool:
        """Whether the number is shown a thousand or ten thousand times as small."""
        return self.digits.endswith(",") or "!" in self.digits


@lru_cache(maxsize=1024)
def _parse(code: str) -> _Format | None:
    section = _SKIPPED.sub("", code.split(";", maxsplit=1)[0])
    bare = re.sub(_LITERAL, lambda found: "\x00" * len(found.group()), section)
    found = _DIGITS.search(bare)
    if found is None or _FRACTION.search(bare, found.end()):
        return None
    before, behind = section[: found.start()], section[found.end() :]
    return _Format(_plain(before), found.group(), _plain(behind))


def _plain(text: str) -> str:
    return re.sub(r'["\\]', "", text).strip()


def shown(value: float, code: str) -> Cell:
    """
    Return a number as its format makes people read it; the number itself where both say the same.

    0.35 under ``0%`` is 35%, 7 under ``000`` is 007, 350 under ``0"万元"`` is 350万元. How many
    decimals are shown changes nothing, nor does a number that is shown in ten thousands only.

    Parameters
    ----------
    value : int or float
        The cell's number.
    code : str
        Its number format.
    """
    parsed = _parse(code)
    if parsed is None or parsed.is_scaled:
        return value
    number = Decimal(str(value))
    if parsed.is_percent:
        return f"{(number * 100).normalize():f}%"
    if _ZEROS.match(parsed.digits) and value >= 0 and value == int(value):
        return f"{parsed.before}{int(value):0{len(parsed.digits)}d}{parsed.behind}"
    before = parsed.before.strip(_CURRENCY)
    if not before and not parsed.behind:
        return value
    return f"{before}{number:f}{parsed.behind}"
