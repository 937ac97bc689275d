"""
XML from outside: no document type, small slips mended, a text that breaks off cut behind a row.

A name such as ``A&B`` whose ampersand nobody escaped is the usual slip of programs that write KML.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from intake.child.refused import Refused

_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
"""An ampersand that begins none of the entities that need no document type."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:(\d{1,9})|x([0-9A-Fa-f]{1,8}));")
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Whole:
    """
    A text that can be parsed.

    Attributes
    ----------
    body : bytes
        In UTF-8, without declaration.
    rows : Counter of str
        Rows by the name of their element, without its prefix.
    broken : str
        Why the text was cut behind its last row, "" if it was whole.
    """

    body: bytes
    rows: Counter[str]
    broken: str = ""


def whole(text: str, is_row: Callable[[str, str], bool]) -> Whole:
    """
    Return a text that can be parsed.

    Parameters
    ----------
    text : str
        What the file holds. An ampersand that begins no entity is taken as one; signs that XML does
        not allow become replacement signs.
    is_row : callable
        Whether an element, the second, inside another, the first, is a row; names without prefix.

    Raises
    ------
    Refused
        If the text declares a document type, is nested too deeply, or breaks off before a row ends.
    """
    body = _BARE.sub("&amp;", allowed(_DECLARATION.sub("", text))).encode()
    scan = _Scan(body, is_row)
    broken = scan.run()
    if not broken:
        return Whole(body, scan.rows)
    if not scan.rows:
        raise Refused("xml.broken", broken)
    ends = "".join(f"</{name}>" for name in reversed(scan.open_at_end))
    return Whole(body[: scan.end] + ends.encode(), scan.rows, broken)


def allowed(text: str) -> str:
    """Return a text in which a replacement sign stands for every sign that XML does not allow."""
    return _REFERENCE.sub(_sign, _ILLEGAL.sub("\ufffd", text))


def _sign(found: re.Match[str]) -> str:
    """Return a reference to a sign, or the replacement sign if XML does not allow it."""
    decimal, hexadecimal = found.groups()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_sign = code <= sys.maxunicode and not _ILLEGAL.match(chr(code))
    return found.group() if is_sign else "\ufffd"


class _Scan:
    """One walk through a text: rows by name, and where the last of them ends."""

    def __init__(self, body: bytes, is_row: Callable[[str, str], bool]) -> None:
        self.rows: Counter[str] = Counter()
        self.end = 0
        self.open_at_end: tuple[str, ...] = ()
        self._body, self._is_row = body, is_row
        self._path: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish

    def run(self) -> str:
        """Return why the text is not whole, "" if it is."""
        try:
            self._parser.Parse(self._body, True)
        except expat.ExpatError as error:
            return str(error)
        return ""

    def _begin(self, name: str, _: Any) -> None:  # noqa: ANN401 - what expat hands out
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise Refused("xml.deep")

    def _finish(self, name: str) -> None:
        self._path.pop()
        around = local(self._path[-1]) if self._path else ""
        if self._is_row(around, local(name)):
            self.rows[local(name)] += 1
            self.end = self._body.index(b">", self._parser.CurrentByteIndex) + 1
            self.open_at_end = tuple(self._path)


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_: Any) -> None:  # noqa: ANN401 - what expat hands out
    raise Refused("refused.dtd", "DOCTYPE")
