"""Spelling: which names are one name written differently, and which are nearly one."""

import re
from functools import lru_cache

from intake.letters import comparable

_DIGITS = str.maketrans("〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "001223456789123456789")
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖十拾]+")
_BLOCK = re.compile(
    r"(?:(?<!\d)第)?(\d+)\s*(?:#|号)?\s*(?:(?:住宅)?(?:楼|幢|栋|座|号|单元|门洞))+(?=\D|$)"
    r"|(\d+)#|^(\d+)$"
)
_PART = re.compile(r"\([^()]*\)|第?\d+期")
_SORT = re.compile(r"(?<=..)(?:小区|社区|院)+$")
_DROPPED = re.compile(r"[\s·•・.,;:'\"“”‘’_\-—~《》<>]+")
_TELLING = re.compile(r"[\da-z东西南北中上下前后左右内外新老旧大小甲乙丙丁]")
_LEAST = 3  # characters of a name of which one may be mistyped


@lru_cache(maxsize=65536)
def spelling(name: str) -> str:
    """Return a name for comparison: all spellings of one name give the same."""
    plain = _NUMERAL.sub(_number, _DROPPED.sub("", comparable(name)).lower())
    return _BLOCK.sub(lambda found: f"{int(next(filter(None, found.groups())))}#", plain)


@lru_cache(maxsize=65536)
def stem(name: str) -> str:
    """Return a name without its brackets and phases: what a part and its whole share."""
    return _PART.sub("", spelling(name))


def is_slip(one: str, other: str) -> bool:
    """
    Return whether two names differ by a slip of the pen: one character, or 小区 at the end.

    A character that tells places apart (a digit, 东, 新, 甲 ...) is none.
    """
    if stem(one) != spelling(one) or stem(other) != spelling(other):
        return False  # a phase is a place of its own
    first, second = (_SORT.sub("", spelling(name)) for name in (one, other))
    if first == second:
        return True
    start = _shared_start(first, second)
    end = _shared_start(first[start:][::-1], second[start:][::-1])
    left, right = first[start : len(first) - end], second[start : len(second) - end]
    is_one = max(len(left), len(right)) == 1 and min(len(first), len(second)) >= _LEAST
    return is_one and not _TELLING.search(left + right)


def slips(form: str) -> set[str]:
    """Return what a natural key may be called after a slip: any two that are near share one."""
    parent, tab, own = form.rpartition("\t")
    plain = _SORT.sub("", own)
    fewer = (plain[:at] + plain[at + 1 :] for at in range(len(plain)))
    return {parent + tab + text for text in (plain, *fewer)} if plain else set()


def _shared_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _number(found: re.Match[str]) -> str:
    """Return a Chinese numeral below a hundred in digits, any other run digit by digit."""
    text = found.group().replace("拾", "十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return text.translate(_DIGITS)
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return text
    return str(10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0))
