"""
Text of whole files: decoded strictly, by the encoding asked for or by the first that fits.

A file put together from two sources, one in UTF-8 and one in GB 18030, is decoded piece by piece.
"""

import re

from intake.child.refused import Refused
from intake.reading import Cell

_MOST_BROKEN = 0.03  # share of broken bytes up to which a file is damaged text, not something else
_PIECES = re.compile(rb'[^"<>\r\n]+')
"""What no Chinese encoding takes for half a character: quotes, brackets, line ends part pieces."""
_HAN_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_EVERYDAY = frozenset((*range(0xA1, 0xAA), *range(0xB0, 0xD8)))
"""First bytes of punctuation and of the 3,755 everyday characters of GB 2312."""
MIXED = "utf-8+gb18030"
"""What a file is in that was put together from two."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes, asked: str = "", declared: str = "") -> tuple[str, str]:
    """
    Decode a whole file.

    Parameters
    ----------
    data : bytes
        The file.
    asked : str
        The encoding a person chose, "" if none.
    declared : str
        What the file says of itself; tried first, believed only if every byte fits.

    Returns
    -------
    tuple of str
        The text, and the encoding it was in.

    Raises
    ------
    Refused
        If no encoding fits all but a few bytes. Those few come back as lone surrogates, so that
        only the values that hold them are in doubt.
    """
    marked = [codec for mark, codec in _BOMS if data.startswith(mark)]
    for codec in [asked] if asked else [*marked, "utf-8"]:
        if (text := strictly(data, codec)) is not None:
            return text, codec
    has_utf8, is_mixed = (False, False) if asked else _mixture(data)
    if is_mixed:
        return _mostly(_PIECES.sub(_in_utf8, data), "utf-8"), MIXED
    for codec in [] if asked or has_utf8 else filter(None, [declared, "gb18030"]):
        if (text := strictly(data, codec)) is not None:
            return text, codec
    return _mostly(data, asked or "utf-8"), asked or "utf-8"


def decode_xml(data: bytes, asked: str) -> tuple[str, str]:
    """Decode a whole file of XML as `decode` does, by the encoding that its first line names."""
    said = _DECLARED.match(data[:200])
    return decode(data, asked, said.group(1).decode("ascii") if said else "")


def plain(cell: Cell) -> str:
    """Return a cell as text to look at; bytes are decoded for that only."""
    if isinstance(cell, bytes):
        try:
            return cell.decode("utf-8").strip()
        except UnicodeDecodeError:
            return cell.decode("gb18030", "replace").strip()
    return "" if cell is None else str(cell).strip()


def strictly(data: bytes, codec: str) -> str | None:
    """Return the text, None if not every byte fits."""
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _mixture(data: bytes) -> tuple[bool, bool]:
    """Return whether some pieces are Chinese in UTF-8, and whether others are so in GB 18030."""
    pieces = [piece for piece in _PIECES.findall(data) if not piece.isascii()]
    has_utf8 = any(
        _HAN_IN_UTF8.search(piece)
        and strictly(piece, "utf-8") is not None
        and not is_chinese_in_gb(piece)
        for piece in pieces
    )
    return has_utf8, has_utf8 and any(map(is_chinese_in_gb, pieces))


def is_chinese_in_gb(piece: bytes) -> bool:
    """
    Return whether a piece is everyday Chinese in GB 18030.

    UTF-8, and what a cut leaves of it, is none: its first bytes would be rare characters.
    """
    text = strictly(piece, "gb18030")
    signs = [sign for sign in text or "" if not sign.isascii()]
    usual = sum(sign.encode("gb18030")[0] in _EVERYDAY for sign in signs)
    return bool(signs) and usual * 2 > len(signs)


def _in_utf8(found: re.Match[bytes]) -> bytes:
    """Return a piece in UTF-8; one that fits neither encoding stays as it is."""
    piece = found.group()
    return piece.decode("gb18030").encode() if is_chinese_in_gb(piece) else piece


def _mostly(data: bytes, codec: str) -> str:
    """Decode a file of which a few bytes are broken; each is passed on as a lone surrogate."""
    try:
        text = data.decode(codec, "surrogateescape")
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused("text.undecodable", codec) from error
    broken = sum("\udc80" <= sign <= "\udcff" for sign in text)
    if broken > _MOST_BROKEN * len(text) + 1:
        raise Refused("text.undecodable", f"{broken} / {len(data)}")
    return text
