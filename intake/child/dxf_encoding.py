"""
The encoding of a drawing's text, found from its bytes: what its header says is often another.

Older drawings name a code page ($DWGCODEPAGE), newer ones are in UTF-8. Chinese CAD programs write
GBK under either. A drawing whose text is certainly Chinese in one encoding, and is not read so as
it declares itself, is brought into the encoding that it declares or is declared otherwise. Where
two programs wrote in one drawing, names of layers in GBK and texts in UTF-8, each line is read by
itself.
"""

import re
from collections import Counter
from collections.abc import Iterable

from intake.child.text import MIXED, is_chinese_in_gb, strictly

_VERSION = re.compile(rb"\$ACADVER\s+1\s+(AC\d{4})")
_PAGE = re.compile(rb"(\$DWGCODEPAGE\s+3\s+)(\S+)")
_FIRST_IN_UTF8 = b"AC1021"  # R2007
_PAGES = {"gb18030": b"ANSI_936", "big5": b"ANSI_950"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MOST = 0.8  # share of the lines: a name may be damaged
_LEVEL_ONE = range(0xA4, 0xC7)  # first bytes of the everyday characters of Big5


def found(data: bytes) -> tuple[str, ...]:
    """
    Return the encodings in which a drawing's text beyond ASCII reads as everyday Chinese.

    Parameters
    ----------
    data : bytes
        The drawing, as text.

    Returns
    -------
    tuple of str
        Of utf-8, gb18030 and big5, the one that reads more lines first; `MIXED` where only some
        lines of each of the first two are read; () where none reads most.
    """
    lines = {line.strip() for line in data.splitlines() if not line.isascii()}
    read = Counter[str]()
    for line in lines:
        read.update(codec for codec, reads in _READS.items() if reads(line))
    if any(map(_is_utf8, lines)):  # beside its characters it has signs, such as Φ
        read["utf-8"] = sum(strictly(line, "utf-8") is not None for line in lines)
    fitting = [codec for codec, count in read.most_common() if count >= _MOST * len(lines)]
    if _is_mixed(lines):
        return (MIXED,)
    return ("utf-8",) if "utf-8" in fitting else tuple(fitting)


def _is_mixed(lines: Iterable[bytes]) -> bool:
    """Return whether most lines are in UTF-8 or in GBK, and some can only be in each of them."""
    kinds = Counter(
        "both" if strictly(line, "utf-8") is not None and _is_gb(line)
        else "utf-8" if _is_utf8(line) else "gb18030" if _is_gb(line) else ""
        for line in lines
    )  # fmt: skip
    is_read = kinds[""] <= (1 - _MOST) * kinds.total()
    return is_read and bool(kinds["utf-8"] and kinds["gb18030"])


def _in_utf8(line: bytes) -> bytes:
    """Return a line of a mixed drawing in UTF-8; in doubt it is in UTF-8 already."""
    text = None if strictly(line, "utf-8") is not None else strictly(line, "gb18030")
    return line if text is None else text.encode()


def as_declared(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """
    Return a drawing that reads as its header says, and what it was found to be in.

    Parameters
    ----------
    data : bytes
        The drawing, as text.

    Returns
    -------
    bytes
        As it came where its header is right, or nothing else fits.
    tuple of str
        The encodings that fit, () where it is read as its header says.
    """
    page, version = _PAGE.search(data), _VERSION.search(data)
    fitting = () if data.isascii() else found(data)
    if not fitting:
        return data, ()
    is_new = version is not None and version.group(1) >= _FIRST_IN_UTF8
    declared = "utf-8" if is_new else _declared(page)
    if declared in fitting:
        return data, ()
    first = fitting[0]
    if first == MIXED:
        data, first = b"\n".join(map(_in_utf8, data.split(b"\n"))), "utf-8"
    text = data.decode(first, "surrogateescape")
    if is_new:
        return text.encode("utf-8", "surrogateescape"), fitting
    known = first if first in _PAGES else "gb18030"
    raw = text.encode(known, "surrogateescape")
    return _paged(raw, _PAGES[known]), fitting


def _declared(page: re.Match[bytes] | None) -> str:
    said = page.group(2).upper() if page else b""
    return next((codec for codec, name in _PAGES.items() if name == said), said.decode("latin-1"))


def _paged(data: bytes, page: bytes) -> bytes:
    """Return a drawing with its code page named."""
    if _PAGE.search(data):
        return _PAGE.sub(rb"\g<1>" + page, data, count=1)
    head = re.compile(rb"(\$ACADVER\s+1\s+AC\d{4})(\r?\n)")
    return head.sub(
        rb"\g<1>\g<2>  9\g<2>$DWGCODEPAGE\g<2>  3\g<2>" + page + rb"\g<2>", data, count=1
    )


def _is_utf8(line: bytes) -> bool:
    return bool(_CHINESE.search(strictly(line, "utf-8") or ""))


def _is_gb(line: bytes) -> bool:
    """Return whether a line is everyday Chinese in GB 2312: an umlaut and a letter are none."""
    return strictly(line, "gb2312") is not None and is_chinese_in_gb(line)


def _is_big5(line: bytes) -> bool:
    signs = [sign for sign in strictly(line, "big5") or "" if not sign.isascii()]
    return sum(sign.encode("big5")[0] in _LEVEL_ONE for sign in signs) * 2 > len(signs)


_READS = {"gb18030": _is_gb, "utf-8": _is_utf8, "big5": _is_big5}
