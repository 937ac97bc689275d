"""
Wire: how what a child reads crosses the process boundary, one line of JSON a piece.

No pickle, no path and no code crosses it. A part (a file, a layer, a sheet) is announced before it
is read and once it is read: of a child that died every finished part is kept, and the part that
was announced last is the one that brought it down. Text with lone surrogates, which JSON cannot
hold, crosses as the bytes it was read from; in names it is made readable.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from intake.reading import (
    Cell,
    DeliveredTable,
    Field,
    MergedCells,
    Note,
    OfferedRepair,
    Refusal,
    RowFlaw,
)

_PIECE = 50_000  # rows a line
_REPEATED = frozenset({str, int})

WHOLE = ""
"""The part that is the whole delivery."""


@dataclass(slots=True)
class ParsedAnswer:
    """
    What a child has said so far.

    Attributes
    ----------
    tables, refused, ignored : list
        As in a `DeliveryReading`.
    finished : set of str
        Parts read to their end; `WHOLE` if nothing is missing.
    begun : list of (str, str)
        Parts begun and not finished, each with its name, the outermost first.
    open : (dict, int) or None
        A table of which rows are still to come, and how many it has.
    """

    tables: list[DeliveredTable] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[Refusal] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    begun: list[tuple[str, str]] = field(default_factory=list)
    open: tuple[dict[str, Any], int] | None = None


def begin_line(part: str, name: str) -> bytes:
    """Return the line before a part: its number, and the name that people know."""
    return _line({"begin": part, "name": name})


def end_line(part: str) -> bytes:
    """Return the line behind a part that has been read."""
    return _line({"end": part})


def table_lines(table: DeliveredTable) -> Iterator[bytes]:
    """Yield the lines of one table: a large one in pieces, so that neither side holds it twice."""
    yield _line({"table": _table_to_wire(table, slice(_PIECE)), "count": len(table.rows)})
    for start in range(_PIECE, len(table.rows), _PIECE):
        yield _line({"more": _rows_to_wire(table, slice(start, start + _PIECE))})


def refused_line(refusal: Refusal) -> bytes:
    """Return the line of one file that is not read."""
    return _line({"refused": asdict(refusal)})


def ignored_line(refusal: Refusal) -> bytes:
    """Return the line of one file that carries no rows."""
    return _line({"ignored": asdict(refusal)})


def parse(data: bytes) -> ParsedAnswer:
    """
    Return what the lines of a child say.

    Parameters
    ----------
    data : bytes
        Everything it wrote. The first line that is not whole ends it: the child died there.
    """
    answer = ParsedAnswer()
    for line in io.BytesIO(data):
        try:
            _take(orjson.loads(line), answer)
        except (ValueError, KeyError, TypeError, AttributeError):
            break
    return answer


def _take(piece: dict[str, Any], answer: ParsedAnswer) -> None:
    """Add one line to an answer."""
    if "table" in piece:
        answer.open = (_begun(piece["table"]), int(piece["count"]))
        _close(answer)
    elif "more" in piece and answer.open:
        _extend(answer.open[0], piece["more"])
        _close(answer)
    elif "refused" in piece:
        answer.refused.append(Refusal(**piece["refused"]))
    elif "ignored" in piece:
        answer.ignored.append(Refusal(**piece["ignored"]))
    elif "begin" in piece:
        answer.begun.append((str(piece["begin"]), str(piece["name"])))
    else:
        part = str(piece["end"])
        answer.finished.add(part)
        answer.begun = [one for one in answer.begun if one[0] != part]


def _begun(table: dict[str, Any]) -> dict[str, Any]:
    """Return the first line of a table with its cells and geometries as they are held."""
    fields = [(_unpack(heading), _unpacked(cells)) for heading, cells in table["fields"]]
    return {**table, "fields": fields, "wkb": _shapes(table["wkb"])}


def _extend(table: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the rows of a later line to a table."""
    table["rows"] += more["rows"]
    table["wkb"] += _shapes(more["wkb"])
    for (_, cells), further in zip(table["fields"], more["fields"], strict=True):
        cells.extend(_unpacked(further))


def _close(answer: ParsedAnswer) -> None:
    """Take the open table once it has all its rows."""
    if answer.open and len(answer.open[0]["rows"]) == answer.open[1]:
        answer.tables.append(_table_from_wire(answer.open[0]))
        answer.open = None


def readable(text: str) -> str:
    """
    Return a text without lone surrogates: the bytes behind them decoded, or written as escapes.

    Parameters
    ----------
    text : str
        A name that a library could not decode, such as that of a drawing layer in GBK.
    """
    raw = as_read(text)
    if isinstance(raw, str):
        return raw
    for codec in ("utf-8", "gb18030"):
        try:
            found = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or _is_usual(found):
            return found
    return raw.decode("utf-8", "backslashreplace")


def _is_usual(text: str) -> bool:
    """Return whether most signs are of GB 2312: GB 18030 makes rare ones of letters of Latin."""
    signs = [sign for sign in text if not sign.isascii()]
    usual = sum(sign.encode("gb2312", "ignore") != b"" for sign in signs)
    return usual * 2 > len(signs)


def _line(piece: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(piece) + b"\n"
    except TypeError:  # lone surrogates in a name
        return orjson.dumps(_readable(piece)) + b"\n"


def _readable(value: Any) -> Any:  # noqa: ANN401 - JSON is any
    """Return JSON with every text readable."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {key: _readable(one) for key, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, (list, tuple)) else value


def _rows_to_wire(table: DeliveredTable, some: slice) -> dict[str, Any]:
    return {
        "rows": list(table.rows[some]),
        "fields": [[_pack(cell) for cell in f.cells[some]] for f in table.fields],
        "wkb": [wkb and wkb.hex() for wkb in table.wkb[some]],
    }


def _table_to_wire(table: DeliveredTable, some: slice) -> dict[str, Any]:
    rows = _rows_to_wire(table, some)
    return {
        **rows,
        "member": table.member,
        "name": table.name,
        "format": table.format,
        "fields": [
            [_pack(f.heading), cells] for f, cells in zip(table.fields, rows["fields"], strict=True)
        ],
        "mended": [[at, m.rule, m.detail, m.wkb.hex()] for at, m in table.mended.items()],
        "flaws": [_flaw_to_wire(flaw) for flaw in table.flaws],
        "lost": [_flaw_to_wire(flaw) for flaw in table.lost],
        "notes": [asdict(note) for note in table.notes],
        "crs": table.crs,
        "encoding": table.encoding,
        "remarks": list(table.remarks),
        "merged": [asdict(cells) for cells in table.merged],
        "hidden": list(table.hidden),
        "day_zero": table.day_zero,
        "has_formats": table.has_formats,
    }


def _table_from_wire(wire: dict[str, Any]) -> DeliveredTable:
    table = DeliveredTable(
        member=wire["member"],
        name=wire["name"],
        format=wire["format"],
        rows=_without_gaps(wire["rows"]),
        fields=tuple(Field(heading, tuple(cells)) for heading, cells in wire["fields"]),
        wkb=wire["wkb"],
        mended={
            at: OfferedRepair(rule, detail, bytes.fromhex(wkb))
            for at, rule, detail, wkb in wire["mended"]
        },
        flaws=tuple(_flaw_from_wire(flaw) for flaw in wire["flaws"]),
        lost=tuple(_flaw_from_wire(flaw) for flaw in wire["lost"]),
        notes=tuple(Note(**note) for note in wire["notes"]),
        crs=wire["crs"],
        encoding=wire["encoding"],
        remarks=tuple(wire["remarks"]),
        merged=tuple(MergedCells(**cells) for cells in wire["merged"]),
        hidden=tuple(wire["hidden"]),
        day_zero=wire["day_zero"],
        has_formats=bool(wire["has_formats"]),
    )
    lengths = {len(f.cells) for f in table.fields} | ({len(table.wkb)} if table.wkb else set())
    if lengths - {len(table.rows)}:
        raise ValueError(f"not a reading: columns of different lengths in {table.member}")
    return table


def _without_gaps(rows: list[int]) -> Sequence[int]:
    """Return row numbers as a range, which takes no memory, where none is left out."""
    whole = range(rows[0], rows[0] + len(rows)) if rows else range(0)
    return whole if rows == list(whole) else rows


def _flaw_to_wire(flaw: RowFlaw) -> list[Any]:
    return [flaw.row, flaw.rule, flaw.detail, flaw.raw.decode("latin-1"), flaw.count]


def _flaw_from_wire(wire: list[Any]) -> RowFlaw:
    row, rule, detail, raw, count = wire
    return RowFlaw(row, rule, detail, raw.encode("latin-1"), count)


def _pack(cell: Cell) -> Any:  # noqa: ANN401 - JSON is any
    """
    Bytes travel as a list of one latin-1 string; what JSON cannot represent travels as text.

    ASCII is the same text in every encoding on offer, and takes half the memory as text.
    """
    if isinstance(cell, str) and not cell.isascii():
        cell = as_read(cell)
    if isinstance(cell, bytes):
        return cell.decode("ascii") if cell.isascii() else [cell.decode("latin-1")]
    if isinstance(cell, float):
        return None if cell != cell else cell if abs(cell) != float("inf") else str(cell)  # noqa: PLR0124
    if isinstance(cell, int) and not -(2**63) <= cell < 2**63:
        return str(cell)
    return cell


def as_read(text: str) -> str | bytes:
    """Return a text; one with lone surrogates, which is none, as the bytes it was read from."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        pass
    else:
        return text
    for codec in ("cp1252", "utf-8"):
        try:
            return text.encode(codec, "surrogateescape")
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogatepass")


def _shapes(wire: list[str | None]) -> list[bytes | None]:
    return [None if wkb is None else bytes.fromhex(wkb) for wkb in wire]


def _unpacked(wire: list[Any]) -> list[Cell]:
    """Return cells, each text and whole number once: a column repeats few."""
    once: dict[str | int, str | int] = {}
    return [
        once.setdefault(cell, cell) if type(cell) in _REPEATED else _unpack(cell) for cell in wire
    ]


def _unpack(wire: Any) -> Any:  # noqa: ANN401 - JSON is any
    return wire[0].encode("latin-1") if isinstance(wire, list) else wire
