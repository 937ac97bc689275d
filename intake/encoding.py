"""
Encoding: which bytes are which characters, decided over a whole table and checked value by value.

Candidates are scored by how much of the decoded text is everyday Chinese: characters of the first
level of GB 2312 and the words of this field. A declared encoding (.cpg, language byte) is evidence,
never an order: it is wrong in practice as often as it is right. Chains such as
``utf-8>latin-1>gb18030`` undo an earlier wrong conversion. A value that was cut in the middle of a
character loses that half; a value that fits nothing keeps its bytes and is quarantined.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import layers
from intake import drawing
from intake.letters import comparable
from intake.proposal import Candidate, Proposal
from intake.reading import Cell, DeliveredTable
from intake.sentences import explained
from intake.vocabulary import all_words
from wording import Text

PLAIN = ("utf-8", "gb18030", "big5")
CHAINS = (
    "utf-8>latin-1>gb18030",
    "utf-8>latin-1>utf-8",
    "utf-8>cp1252>gb18030",
    "utf-8>cp1252>utf-8",
    "utf-8>gb18030>utf-8",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DESTROYED = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯|^\\?+$")
_STRAY = re.compile("[\x80-\x9f\ue000-\uf8ff]")  # control signs and private use: no text has them
_LATIN_RUN = re.compile("[\u00a1-\u00ff]{2}")
_HAN = re.compile("[\u4e00-\u9fff]")
_RARE_RUN, _RARE = 3, 0.55  # so many characters, so little everyday Chinese: UTF-8 taken for GBK
_SAMPLE = 4000
_MOST = 0.5  # share of the texts a codec must fit to be a candidate
_CLEAR = 0.25  # by how much the first candidate must beat the second to need no question
_GOOD = 0.75  # a value fits a codec of its own if this much of it is everyday Chinese
_USUAL = "㎡²³°′″·（）【】《》、，。：；！？“”‘’—…～￥％＋－×√①②③④⑤⑥⑦⑧⑨⑩№℃Ⅰ Ⅱ Ⅲ Ⅳ"
_EXTRA_WORDS = (
    "小区 家属院 家属楼 南苑 北苑 花园 公寓 宿舍 社区 居委会 街道 吴忠 利通 宁夏 号楼 单元 "
    "改造 名称 编号 备注 面积 平方米 砖混 框架 国槐 混凝土 幼儿园 卫生 停车 市场 中心 公司 学校"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A table's text: headings, cells by column, and decoding faults."""

    headings: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]
    faults: dict[int, tuple[str, str]]
    cut: int
    mixed: int


def propose(table: DeliveredTable) -> Proposal:
    """Return the encodings that fit a table's text, the likeliest first."""
    sample = _sample(table)
    natural = not any(bytes in {type(f.heading), *map(type, f.cells)} for f in table.fields)
    wanted = ("utf-8", *CHAINS) if natural else (*PLAIN, *CHAINS)
    question = Text("文字是什么编码？", "In which encoding is the text?")
    if not sample:
        only = Candidate("utf-8", Text("纯 ASCII", "plain ASCII"), 1.0)
        return Proposal("encoding", question, (only,), "utf-8")
    scored = [_candidate(codec, sample, table.encoding) for codec in wanted]
    fitting = sorted((c for c in scored if c.score > 0), key=lambda c: -c.score)
    ranked = tuple(fitting + [c for c in scored if c.value == "utf-8" and c not in fitting])
    distinct = tuple(
        c for i, c in enumerate(ranked) if not any(_same(c, other, sample) for other in ranked[:i])
    )
    second = distinct[1].score if len(distinct) > 1 else 0.0
    is_open = table.format in drawing.FORMATS and _fit_all(distinct, sample)
    chosen = None if is_open else _settled(distinct[0], second, sample)
    return Proposal("encoding", question, distinct, chosen)


def _fit_all(candidates: Sequence[Candidate], sample: list[bytes]) -> bool:
    """Return whether two encodings read every text: a drawing has too few to weigh them."""
    fitting = [
        one
        for one in candidates
        if one.score > 0 and all(undo(raw, one.value)[0] is not None for raw in sample)
    ]
    return len(fitting) > 1


def _settled(first: Candidate, second: float, sample: list[bytes]) -> str | None:
    """Return the encoding if it is certain, None if a person must choose it."""
    bad = sum(bool(_value(raw, first.value)[1]) for raw in sample)
    clear = first.score - second >= _CLEAR or (first.value == "utf-8" and first.score >= second)
    return first.value if clear and ">" not in first.value and bad * 4 <= len(sample) else None


def samples(table: DeliveredTable, codec: str, most: int = 6) -> tuple[tuple[str, str], ...]:
    """
    Return texts of a table before and after decoding, for a person to compare.

    Before is what a program shows that knows no Chinese encoding: a letter for each byte.
    """
    raw = [one for one in _sample(table) if _HAN.search(_value(one, codec)[0])] or _sample(table)
    return tuple((one.decode("cp1252", "replace"), _value(one, codec)[0]) for one in raw[:most])


def decode(table: DeliveredTable, codec: str) -> Decoded:
    """Decode a table with `codec`; values that do not fit it are tried by themselves."""
    names = [_value(field.heading, codec).text for field in table.fields]
    headings = [name or f"#{number}" for number, name in enumerate(names, start=1)]
    broken: dict[int, tuple[str, str]] = {}
    how: Counter[str] = Counter()
    columns = []
    for heading, field in zip(headings, table.fields, strict=True):
        texts = {cell for cell in set(field.cells) if isinstance(cell, (str, bytes))}
        read = {cell: _value(cell, codec) for cell in texts}
        odd = {cell: one for cell, one in read.items() if one.fault or one.how != "plain"}
        for at, cell in enumerate(field.cells if odd else ()):
            if isinstance(cell, (str, bytes)) and cell in odd:
                how[odd[cell].how] += 1
                if odd[cell].fault:
                    broken[at] = (odd[cell].fault, f"{heading}: {_shown(cell)}")
        other: dict[Cell, Cell] = {cell: one.text for cell, one in read.items() if one.text != cell}
        cells = (other.get(cell, cell) for cell in field.cells) if other else field.cells
        columns.append(tuple(cells))
    return Decoded(tuple(_distinct(headings)), tuple(columns), broken, how["cut"], how["mixed"])


def _distinct(names: Sequence[str]) -> Iterable[str]:
    """Yield the headings, numbered where they occur twice, as in a shapefile of cut names."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}_{seen[name]}"


def _shown(cell: str | bytes) -> str:
    if cell.isascii():
        return repr(cell.decode("ascii")[:40] if isinstance(cell, bytes) else cell[:40])
    return cell.hex(" ")[:60] if isinstance(cell, bytes) else cell[:40]


class _Value(NamedTuple):
    """The text of one value, its fault rule ("" if none) and how it was read."""

    text: str
    fault: str
    how: str


def _value(cell: str | bytes, codec: str) -> _Value:
    if not cell.isascii():
        return _beyond_ascii(cell, codec)
    text = cell.decode("ascii") if isinstance(cell, bytes) else cell
    return _Value(text, _spoilt(text), "plain")


@lru_cache(maxsize=65536)
def _beyond_ascii(cell: str | bytes, codec: str) -> _Value:
    raw = cell if isinstance(cell, bytes) else cell.encode("utf-8", "surrogatepass")
    codec = "utf-8" if isinstance(cell, str) and ">" not in codec else codec
    text, cut = undo(raw, codec)
    how = "cut" if cut else "plain"
    if text is None:
        others = [(run(raw, other)[0], other) for other in PLAIN[:2] if other != codec]
        rescued = next((t for t, _ in others if t is not None and score(t) >= _GOOD), None)
        if rescued is None:
            return _Value("", "text.unreadable", "broken")
        text, how = rescued, "mixed"
    elif codec == "gb18030" and (other := _better_in_utf8(raw, text)):
        text, how = other, "mixed"
    if spoilt := _spoilt(text):
        return _Value(text, spoilt, how)
    if _STRAY.search(text) or _is_garbled(text, raw):
        return _Value(text, "text.garbled", how)
    return _Value(text, "", how)


def _better_in_utf8(raw: bytes, text: str) -> str:
    """Return what a value of a GBK table is in UTF-8, "" if it is not clearly everyday Chinese."""
    other = run(raw, "utf-8")[0] or ""
    is_better = _HAN.search(other) and score(other) >= max(_GOOD, score(text) + _CLEAR)
    return other if is_better else ""


def _spoilt(text: str) -> str:
    """Return the rule by which a text can no longer be what was written, "" if it can."""
    if _CONTROL.search(text):
        return "text.control"
    return "text.destroyed" if _DESTROYED.search(text) else ""


def _is_garbled(text: str, raw: bytes) -> bool:
    """Return whether text was decoded wrongly before: rare characters in a row, or a way back."""
    now = score(text)
    plain, back = run(raw, "utf-8")[0], text.encode("utf-8", "surrogatepass")
    if now >= _GOOD and not _LATIN_RUN.search(text) and plain in (text, None):
        return False
    if len(_HAN.findall(text)) >= _RARE_RUN and now < _RARE:
        return True
    undone = [run(bytes_, chain) for chain in CHAINS for bytes_ in {raw, back}]
    if len(text) <= 2 and not any(map(str.isascii, text)):  # noqa: PLR2004 - two bytes of GBK, taken for one letter
        undone.append(run(back, "gb18030"))
    return any(t is not None and not cut and score(t) > max(_GOOD, now + 0.3) for t, cut in undone)


def undo(raw: bytes, codec: str) -> tuple[str | None, bool]:
    """Decode one value; a chain is followed only where it makes the value read better."""
    plain, cut = run(raw, codec.split(">", 1)[0])
    if ">" not in codec:
        return plain, cut
    whole, half = run(raw, codec)
    # ‰ is half a character to the chain: what is left once that is cut off proves nothing
    fits = whole is not None and (not half or (score(whole) >= 1 and not whole.isascii()))
    better = fits and (plain is None or score(whole or "") > score(plain) + 0.2)
    return (whole, half) if better else (plain, cut)


def run(raw: bytes, codec: str) -> tuple[str | None, bool]:
    """
    Decode bytes through a codec or a chain of them.

    Returns
    -------
    tuple of (str or None, bool)
        The text, None if the bytes do not fit; and whether half a character was cut off its end.
    """
    first, *steps = codec.split(">")
    text, cut = _strict(raw, first)
    for back, forth in zip(steps[::2], steps[1::2], strict=True):
        if text is None:
            return None, False
        try:
            raw = text.encode(back)
        except UnicodeEncodeError:
            return None, False
        text, half = _strict(raw, forth)
        cut = cut or half
    return text, cut


def _strict(raw: bytes, codec: str) -> tuple[str | None, bool]:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(raw, final=False)
    except UnicodeDecodeError:
        return None, False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return text, True
    return text, False


@lru_cache(maxsize=65536)
def score(text: str) -> float:
    """Return how much of the non-ASCII text is everyday Chinese: 0 to 1, up to 2 with our words."""
    signs = [sign for sign in text if not sign.isascii()]
    if not signs:
        return 1.0 if text.isprintable() else 0.0
    usual = sum(_weight(sign) for sign in signs) / len(signs)
    covered = _words().findall(text)
    return usual + sum(len(word) for word in covered) / len(signs)


@lru_cache(maxsize=65536)
def _weight(sign: str) -> float:
    """1 for the 3,755 everyday characters, little for rarer ones, nothing for stray letters."""
    if sign in _USUAL:
        return 0.9
    if (plain := comparable(sign)) != sign and "\u4e00" <= sign <= "\u9fff":
        return 0.9 * (_weight(plain) >= 1)
    try:
        lead = sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.35 if "\u4e00" <= sign <= "\u9fff" else 0.0
    if lead >= 0xB0:  # noqa: PLR2004 - rows 16 and up of GB 2312 are characters
        return 1.0 if lead <= 0xD7 else 0.4  # noqa: PLR2004 - rows 16-55 are the first level
    return 0.5 if lead in (0xA1, 0xA3) else 0.0


@cache
def _words() -> re.Pattern[str]:
    """Return the words of this field: labels of every layer, synonyms and a few of the street."""
    found = set(_EXTRA_WORDS.split())
    found |= {word for word in all_words() if not word.isascii()}
    for spec in layers.ALL.values():
        found.add(spec.label_zh)
        for column in spec.columns:
            found |= {label.zh for label in (column.codes or {}).values()}
    ordered = sorted((word for word in found if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)))


def _sample(table: DeliveredTable) -> list[bytes]:
    """Return the distinct non-ASCII texts of a table as bytes, headings first."""
    cells = chain(
        (f.heading for f in table.fields), *(dict.fromkeys(f.cells) for f in table.fields)
    )
    texts = dict.fromkeys(
        cell for cell in cells if isinstance(cell, (str, bytes)) and not cell.isascii()
    )
    raw = (t if isinstance(t, bytes) else t.encode("utf-8", "surrogatepass") for t in texts)
    return [one for one, _ in zip(raw, range(_SAMPLE), strict=False)]


def _candidate(codec: str, sample: list[bytes], declared: str) -> Candidate:
    read = [undo(raw, codec)[0] for raw in sample]
    texts = [text for text in read if text is not None]
    share = len(texts) / len(sample)
    mean = sum(map(score, texts)) / len(sample)
    labels = {
        "utf-8": Text("UTF-8", "UTF-8"),
        "gb18030": Text("GBK / GB 18030", "GBK / GB 18030"),
        "big5": Text("Big5 繁体", "Big5"),
    }
    if ">" in codec:
        steps = codec.replace(">", " → ")
        label = Text(f"曾被错误转换：{steps}", f"garbled once: {steps}")
    else:
        label = labels[codec]
    shown = "；".join(dict.fromkeys(t for t in texts[:6] if t))[:80]
    evidence = [
        Text(
            f"能解读 {len(sample)} 个文本中的 {share:.0%}",
            f"fits {share:.0%} of {len(sample)} texts",
        ),
        Text(f"读出：{shown}", f"reads: {shown}"),
    ]
    if declared:
        evidence.append(explained("crs.declared", declared))
    return Candidate(
        codec,
        label,
        round(mean * share if share > _MOST else 0.0, 4),
        tuple(evidence),
    )


def _same(one: Candidate, other: Candidate, sample: list[bytes]) -> bool:
    """Return whether two encodings read every text alike."""
    return all(undo(raw, one.value)[0] == undo(raw, other.value)[0] for raw in sample)
