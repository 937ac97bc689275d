"""
DXF as pairs of lines: a drawing with a slip or an end cut off, without the entities that have it.

A code and its value stand on two lines. Where a line is missing, too many or no value of its code,
every reader loses its step; the entity it is in is left out, and reading goes on with the next.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CODE = re.compile(rb"-?\d{1,4}")
_NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_WHOLE = re.compile(rb"[-+]?\d{1,20}")
_NAME = re.compile(rb"\d?[A-Z][A-Z0-9_]{1,40}")
_FLOATS = (range(10, 60), range(110, 150), range(210, 240), range(460, 470), range(1010, 1060))
_INTEGERS = (range(60, 80), range(90, 100), range(170, 180), range(270, 290), range(1060, 1072))
_PARTS = (b"VERTEX", b"SEQEND")  # of the polyline before them: without one it is another outline
_HEAD = b"HEADER"


@dataclass(frozen=True, slots=True)
class Damage:
    """An entity left out: the line of the file where the slip is, and what it was."""

    line: int
    entity: str


class _Writer:
    """The pairs that are kept; the last entity can be taken back."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.section = b""
        self._start = 0
        self._polyline = -1  # where one begins that has not ended

    def add(self, code: bytes, value: bytes) -> str:
        """Keep a pair; return the name of an entity before it that lacks its end, "" if none."""
        name = value.strip()
        is_section = code == b"2" and self._last() == b"SECTION"
        begins = code == b"0" and name not in _PARTS
        unended = ""
        if begins and self._polyline >= 0:
            self._start = self._polyline
            unended = self.drop()
        if code == b"0" and name in (b"POLYLINE", b"SEQEND"):
            self._polyline = len(self.lines) if name == b"POLYLINE" else -1
        if begins or (code == b"9" and self.section == _HEAD):
            self._start = len(self.lines)
        self.lines += [code, value]
        if is_section:
            self.section, self._start = name, len(self.lines)
        elif begins and name == b"ENDSEC":
            self.section = b""
        return unended

    def drop(self) -> str:
        """Leave out the entity that was begun last; return its name."""
        name = self.lines[self._start + 1] if self._start < len(self.lines) else b""
        del self.lines[self._start :]
        if self._polyline >= len(self.lines):
            self._polyline = -1
        return name.strip().decode("ascii", "replace")

    def end(self) -> None:
        """Close the section that is open, and the drawing."""
        if self.section:
            self.lines += [b"0", b"ENDSEC"]
        self.lines += [b"0", b"EOF", b""]

    def _last(self) -> bytes:
        return self.lines[-1].strip() if self.lines else b""


def repaired(data: bytes) -> tuple[bytes, list[Damage]]:
    """
    Return a drawing without its damaged entities, and these.

    Parameters
    ----------
    data : bytes
        A drawing in text form.
    """
    lines = re.split(rb"\r\n|\n|\r", data)
    kept = _Writer()
    damage = []
    at = 0
    while at + 1 < len(lines):
        code, value = lines[at].strip(), lines[at + 1]
        if code == b"0" and value.strip() == b"EOF":
            break
        if _is_pair(code, value):
            entity = kept.add(code, value)
            damage += [Damage(at + 1, entity)] if entity else []
            at += 2
            continue
        entity = kept.drop()
        damage += [Damage(at + 1, entity)] if entity or not damage else []
        at = _next(lines, at, in_head=kept.section == _HEAD)
    else:
        entity = kept.drop()
        damage += [Damage(len(lines), entity)] if entity or not damage else []
    kept.end()
    return b"\n".join(kept.lines), damage


def _is_pair(code: bytes, value: bytes) -> bool:
    """Return whether a line is a code, and the next a value that it may have."""
    if not _CODE.fullmatch(code):
        return False
    number, bare = int(code), value.strip()
    if number == 0:
        return bool(_NAME.fullmatch(bare))
    if any(number in one for one in _FLOATS):
        return bool(_NUMBER.fullmatch(bare))
    return not any(number in one for one in _INTEGERS) or bool(_WHOLE.fullmatch(bare))


def _next(lines: Sequence[bytes], at: int, *, in_head: bool) -> int:
    """Return the line where the next entity, section or, in the head, variable begins."""
    for number in range(at, len(lines) - 1):
        code, name = lines[number].strip(), lines[number + 1].strip()
        if code == b"0" and _NAME.fullmatch(name) and name not in _PARTS:
            return number
        if in_head and code == b"9" and name.startswith(b"$"):
            return number
    return len(lines)
