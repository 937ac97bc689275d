"""Number formats of a workbook: what a person sees in a cell where it says more than its number."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from intake import units
from intake.reading import Cell

_LITERAL = r'"[^"]*"|\\.'
_SKIPPED = re.compile(r"_.|\*.|\[[^\]]*\]")
_DIGITS = re.compile(r"(?:G/)?(?:General|通用格式)|[0#?][0#?.,!]*(?:E[+-]?[0#]+)?", re.IGNORECASE)
_FRACTION = re.compile(r"[0#?]")
_ZEROS = re.compile(r"^0{2,}$")
_CURRENCY = "¥￥$"
_BEHIND_POINT = re.compile(r"!\.([0#?]*)")
_SCALES = {1: "十", 2: "百", 3: "千", 4: "万", 5: "十万", 6: "百万", 7: "千万", 8: "亿"}
_TEXT = "@"
_TEXT_SECTION = 4  # a format of so many says of text what is shown
_CODES = re.compile(r"[0#?@%A-Za-z]|通用格式")
_DASHES = "-‐–—―－─"
_NOTHING_MORE = ("General", "@")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
    "<>": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Format:
    """The first section of a format: what stands before and behind the digits."""

    before: str
    digits: str
    behind: str
    is_percent: bool
    """Whether the number is shown a hundred times as large."""

    @property
    def tens(self) -> int:
        """How many powers of ten the number is shown as small: by commas, by a point put in."""
        commas = len(self.digits) - len(self.digits.rstrip(","))
        point = _BEHIND_POINT.search(self.digits)
        return 3 * commas + (len(point.group(1)) if point else 0)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[str, str], ...]:
    """Return the sections of a format, each with the condition under which it is used."""
    bare = re.sub(_LITERAL, lambda found: "\x00" * len(found.group()), code)
    ends = [at for at, sign in enumerate(bare) if sign == ";"]
    parts = [code[a:b] for a, b in zip([0, *(at + 1 for at in ends)], [*ends, None], strict=True)]
    conditions = (_CONDITION.search(part) for part in parts)
    return tuple(
        (found.group(0) if found else "", _SKIPPED.sub("", part))
        for part, found in zip(parts, conditions, strict=True)
    )


def _section(value: float, code: str) -> tuple[str, float]:
    """Return the section of a format that shows a number, and the number that it shows."""
    sections = _sections(code)
    if any(condition for condition, _ in sections[:2]):
        found = next((part for said, part in sections if _is_met(said, value)), sections[-1][1])
        return found, value
    if value < 0 and len(sections) > 1 and sections[1][1].strip("-() "):
        return sections[1][1], -value
    if value < 0 and len(sections) > 2 and not sections[1][1]:  # noqa: PLR2004
        return "", value
    return sections[2][1] if value == 0 and len(sections) > 2 else sections[0][1], value  # noqa: PLR2004


def _is_met(condition: str, value: float) -> bool:
    found = _CONDITION.match(condition)
    if found is None:
        return True
    return _COMPARED[found.group(1)](value, float(found.group(2)))


@lru_cache(maxsize=1024)
def _parse(section: str) -> _Format | None:
    bare = re.sub(_LITERAL, lambda found: "\x00" * len(found.group()), section)
    found = _DIGITS.search(bare)
    if found is None or _FRACTION.search(bare, found.end()):
        return None
    before, behind = section[: found.start()], section[found.end() :]
    return _Format(_plain(before), found.group(), _plain(behind), is_percent="%" in bare)


def _plain(text: str) -> str:
    return re.sub(r'["\\]', "", text).strip()


def shown(value: Cell, code: str) -> Cell:
    """
    Return a cell as its format makes people read it; its value itself where both say the same.

    0.35 under ``0%`` is 35%, 7 under ``000`` is 007, 350 under ``0"万元"`` is 350万元, 12,500 under
    ``0!.0,`` is 1.25万, 裕民 under ``@"小区"`` is 裕民小区. How many decimals are shown changes
    nothing. What is not shown (350 under ``;;;``, a zero under ``#``) is None; a zero shown as a
    dash is that dash, of which nobody sees that it is a zero.

    Parameters
    ----------
    value : cell
        What is stored.
    code : str
        Its number format.
    """
    if code in _NOTHING_MORE:
        return value
    if isinstance(value, str):
        return _text(value, code)
    return _number(value, code) if type(value) in (int, float) else value  # type: ignore[arg-type]


def _text(value: str, code: str) -> str | None:
    """Return text with what its format puts around it."""
    sections = _sections(code)
    section = sections[-1][1]
    before, found, behind = section.partition(_TEXT)
    if not found and len(sections) == _TEXT_SECTION:
        return _plain(section) or None
    return f"{_plain(before)}{value}{_plain(behind)}" if found else value


def _number(value: float, code: str) -> Cell:
    section, seen = _section(value, code)
    parsed = _parse(section)
    if parsed is None:
        return value if _CODES.search(re.sub(_LITERAL, "", section)) else _written(_plain(section))
    if seen == 0 and not _shows_zero(parsed):
        return _written(parsed.before)
    return _digits(value, seen, parsed)


def _digits(value: float, seen: float, parsed: _Format) -> Cell:
    """Return a number whose digits are shown, with what stands around them."""
    number = Decimal(str(seen))
    before = parsed.before.strip(_CURRENCY)
    if parsed.is_percent:
        return f"{before}{(number * 100).normalize():f}{parsed.behind}"
    if parsed.tens in _SCALES:
        return _scaled(number, parsed, before)
    if _ZEROS.match(parsed.digits) and seen >= 0 and seen == int(seen):
        return f"{parsed.before}{int(seen):0{len(parsed.digits)}d}{parsed.behind}"
    if f"{before}{parsed.behind}" in {"", "-", "()"}:
        return value
    return f"{before}{number:f}{parsed.behind}"


def _written(text: str) -> str | None:
    """Return what stands where no digits are shown, None if nothing does."""
    return text.strip(_CURRENCY + " ") or None


def _shows_zero(parsed: _Format) -> bool:
    """Return whether digits show a zero at all: ``#`` and ``?`` show none."""
    return "0" in parsed.digits or not _FRACTION.search(parsed.digits)


def is_dash(seen: Cell) -> bool:
    """Return whether people see a dash in a cell and nothing else."""
    return isinstance(seen, str) and bool(seen) and not seen.strip(_DASHES)


def unseen(value: Cell, seen: Cell) -> bool:
    """Return whether a cell holds something of which people see nothing, or a dash for a zero."""
    is_zero = type(value) in (int, float) and value == 0
    return value is not None and (seen is None or (is_zero and is_dash(seen)))


def _scaled(number: Decimal, parsed: _Format, before: str) -> str:
    """Return a number that is shown as small with the word for how small, or its unit."""
    shown_as = number.scaleb(-parsed.tens).normalize()
    said = units.parse(parsed.behind)
    is_said = said is not None and said.factor == 10.0**parsed.tens
    return f"{before}{shown_as:f}{parsed.behind if is_said else _SCALES[parsed.tens]}"
