"""Text of whole files: decoded strictly, by the encoding asked for or by the first that fits."""

from intake.child.refused import Refused

_MOST_BROKEN = 0.03  # share of broken bytes up to which a file is damaged text, not something else
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
    wanted = [asked] if asked else [*marked, "utf-8", declared, "gb18030"]
    for codec in filter(None, wanted):
        try:
            return data.decode(codec), codec
        except (UnicodeDecodeError, LookupError):
            continue
    return _mostly(data, asked or "utf-8"), asked or "utf-8"


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
