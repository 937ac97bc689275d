"""
GML by GDAL, from a copy in UTF-8 without schema, every value as text, and the features counted.

GDAL gives no row of a file that breaks off, and without a word: the text is cut behind its last
whole feature first, and what was behind is lost in one piece. A document type is refused; a schema
is neither looked for nor fetched.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from intake.child import gdal
from intake.child.answer import Answer
from intake.child.gdal import GdalFile
from intake.child.member import Source
from intake.child.refused import Refused
from intake.child.text import declared_encoding, decode

_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_SCHEMA = re.compile(r"""\s[\w.-]+:schemaLocation\s*=\s*("[^"]*"|'[^']*')""")
_BOUNDS = re.compile(r"<((?:[\w.-]+:)?boundedBy)\b[^>]*>.*?</\1\s*>", re.DOTALL)
_LONE = ("featureMember", "member")
_MANY = ("featureMembers",)
_DEEPEST = 200


@dataclass(slots=True)
class _Scan:
    """What is in a GML text: features by name, and where the last whole one ends."""

    names: Counter[str] = field(default_factory=Counter)
    end: int = 0
    open_at_end: tuple[str, ...] = ()
    broken: str = ""
    path: list[str] = field(default_factory=list)


def read(source: Source, answer: Answer) -> tuple[()]:
    """
    Read every kind of feature as a layer.

    Parameters
    ----------
    source : Source
        The .gml.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If the file is no GML, holds no whole feature, or declares a document type.
    """
    data = source.member.path.read_bytes()
    text, _ = decode(data, source.encoding, declared_encoding(data))
    plain = _BOUNDS.sub("", _SCHEMA.sub("", _DECLARATION.sub("", text)))
    body = plain.encode("utf-8", "replace")
    scan = _scanned(body)
    if not scan.names:
        raise Refused("xml.broken" if scan.broken else "table.none", scan.broken)
    if scan.broken:
        body = body[: scan.end] + "".join(f"</{name}>" for name in scan.open_at_end).encode()
    file = GdalFile(
        _copy(source, body), source.member.name, "gml", counts=scan.names, cut=scan.broken
    )
    return gdal.read(file, answer)


def _copy(source: Source, body: bytes) -> Path:
    source.scratch.mkdir()
    copy = source.scratch / "in.gml"
    copy.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + body)
    return copy


def _scanned(body: bytes) -> _Scan:
    """Walk through a text once; a document type is refused before anything of it is read."""
    scan = _Scan()
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, _: _begin(scan, name)
    parser.EndElementHandler = lambda name: _end(scan, parser, body, name)
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        scan.broken = str(error)
    return scan


def _refuse(*_: Any) -> None:  # noqa: ANN401 - what expat hands out
    raise Refused("refused.dtd", "DOCTYPE")


def _begin(scan: _Scan, name: str) -> None:
    scan.path.append(name)
    if len(scan.path) > _DEEPEST:
        raise Refused("xml.deep")


def _end(scan: _Scan, parser: Any, body: bytes, name: str) -> None:  # noqa: ANN401 - expat's parser
    """Count a feature that ends here, and remember where a text cut behind it would end."""
    scan.path.pop()
    around = _local(scan.path[-1]) if scan.path else ""
    if around in (*_LONE, *_MANY):
        scan.names[_local(name)] += 1
    if (around in _MANY or _local(name) in _LONE) and scan.names:
        scan.end = body.index(b">", parser.CurrentByteIndex) + 1
        scan.open_at_end = tuple(reversed(scan.path))


def _local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]
