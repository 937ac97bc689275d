"""
Headings: which column of a file is which column of a layer.

A heading is a known word, qualifiers and a unit: 总 + 建筑面积 + （万㎡）. The word says which
column it may be, the qualifiers whether it is that or something else: 总户数 are the households,
非居民户数 are not, and 一期户数 is asked about. What a person answered for this source last time
comes first. A heading that is no column is shown and left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import layers
from intake import cass, drawing, units, vocabulary
from intake.letters import comparable
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from intake.vocabulary import Sense
from layers.column import SHORT, short_names
from layers.spec import Column, LayerSpec
from wording import Text

NOTHING = ""
"""The choice "this column is not in the file"."""
CERTAIN = 0.9
"""Score from which a heading is taken without asking."""

_REMEMBERED, _OWN, _LAYER, _COLUMN, _CUT, _QUALIFIED = 2.0, 1.0, 0.97, 0.95, 0.92, 0.01
_LIKELY, _UNKNOWN, _OTHER = 0.6, 0.4, 0.1
_DOUBTFUL = 0.3  # score from which a person is asked
_BRACKETS = re.compile(r"[(\[【〔〈<{]([^()\[\]【】〔〕〈〉<>{}]*)(?:[)\]】〕〉>}]|$)")
_UNIT_LEAD = re.compile(r"^(?:计量|计价|面积|金额|投资)?单位[:]?")
_UNIT_TAIL = re.compile(r"[,:;]?单位[:]?(.+)$")
_SEPARATOR = re.compile(r"[/,:;_\-、]")
_MARKS = re.compile(r"[\s_\-:*/,;、]+")
_NUMBERED = re.compile(r"^(.+)_\d+$")
_WRITTEN = 4  # texts of a drawing that are shown
_SHORTEST_CUT = 8  # bytes: a heading this long may be a longer one cut at ten
_CUT_FORMATS = {"shapefile", "dbf"}


@dataclass(frozen=True, slots=True)
class Heading:
    """
    A heading taken apart.

    Attributes
    ----------
    words : str
        What it calls its column, in one width and lower case, without blanks, marks and brackets.
    qualifiers : tuple of str
        What its brackets say that is no unit.
    unit : str
        The unit as written, "" if none.
    """

    words: str
    qualifiers: tuple[str, ...]
    unit: str


@lru_cache(maxsize=65536)
def parse(heading: str) -> Heading:
    """Return a heading taken apart into words, qualifiers and unit."""
    text = re.sub(r"\s+", "", comparable(heading))
    said: list[str] = []
    qualifiers: list[str] = []
    for content in _BRACKETS.findall(text):
        for part in filter(None, re.split(r"[,;、]", _UNIT_LEAD.sub("", content))):
            (said if units.parse(part) else qualifiers).append(part)
    text = re.sub(r"[()\[\]【】〔〕〈〉<>{}]", "", _BRACKETS.sub("", text))
    if tail := _UNIT_TAIL.search(text):
        text = text[: tail.start()]
        said.append(tail.group(1))
    text, behind = _split_unit(text)
    said += [behind] if behind else []
    words = _MARKS.sub("", text).lower()
    return Heading(words, tuple(qualifiers), " ".join(dict.fromkeys(said)))


def _split_unit(text: str) -> tuple[str, str]:
    """Take a unit off the end: behind a separator, or right behind a known word (管径mm)."""
    for found in _SEPARATOR.finditer(text):
        if found.start() and units.parse(text[found.end() :]):
            return text[: found.start()], text[found.end() :]
    for at in range(len(text) - 1, 1, -1):
        if text[:at] in vocabulary.all_words() and text not in vocabulary.all_words():
            unit = units.parse(text[at:])
            if unit is not None and unit.measure not in {"个", "户", "人", "年", "°"}:
                return text[:at], text[at:]
    return text, ""


def unit_said(heading: str, column: Column) -> str:
    """Return the unit that a heading says, "" if none: diameter_m is diameter_mm cut, no metres."""
    is_own_name = heading.lower() in {column.name, column.name[:SHORT]}
    return "" if is_own_name else parse(heading).unit


def plain(heading: str) -> str:
    """Return the words of a heading for comparison."""
    return parse(heading).words


def _whole(text: str) -> str:
    """Return a heading for comparison with what its brackets say."""
    return _MARKS.sub("", comparable(text)).lower()


def propose(
    spec: LayerSpec,
    columns: Mapping[str, Sequence[Cell]],
    remembered: Mapping[str, str],
    *,
    file_format: str = "",
) -> tuple[Proposal, ...]:
    """
    Propose a heading for every column of a layer.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    columns : mapping of str to sequence of cell
        The file's headings, with their cells: two columns that say the same are one.
    remembered : mapping of str to str
        Column to heading as a person answered last time for this source; `NOTHING` where they said
        that the file does not have it.
    file_format : str, optional
        A shapefile cuts its headings at ten bytes; in a drawing, what is written in an outline may
        be its name; of CASS points the number is the key, and the code may be the kind.

    Returns
    -------
    tuple of Proposal
        One a column, step ``column:<name>``; settled where one heading is certainly meant or none
        is in question.
    """
    is_cut = file_format in _CUT_FORMATS
    is_drawing = file_format in drawing.FORMATS
    rated = {
        (column.name, heading): _rate(spec, column, heading, columns, is_cut=is_cut)
        for column in spec.columns
        for heading in columns
    }
    for heading in filter(drawing.is_text, columns) if is_drawing else ():
        if ("name", heading) in rated:
            rated["name", heading] = _LIKELY, _written(columns[heading])
    if file_format == cass.FORMAT:
        rated |= _of_points(spec, columns)
    for name, heading in remembered.items():
        if heading in columns:
            rated[name, heading] = _REMEMBERED, ()
    taken: dict[str, str] = {}
    for (name, heading), (score, _) in sorted(rated.items(), key=lambda item: -item[1][0]):
        free = name not in taken and heading not in taken.values()
        if score >= CERTAIN and free and remembered.get(name) != NOTHING:
            taken[name] = heading
    return tuple(_proposal(column, columns, rated, taken, remembered) for column in spec.columns)


def _of_points(
    spec: LayerSpec, columns: Mapping[str, Sequence[Cell]]
) -> dict[tuple[str, str], tuple[float, tuple[Text, ...]]]:
    """Return what number and code of a surveyed point are: its key, and probably what it is."""
    codes = _some(columns[cass.CODE])
    evidence = (Text(f"编码有：{codes}", f"codes: {codes}"),)
    said: dict[tuple[str, str], tuple[float, tuple[Text, ...]]] = {}
    for column in spec.columns:
        is_likely = column.name in {"kind", "species"} and bool(codes)
        said[column.name, cass.CODE] = (_LIKELY, evidence) if is_likely else (0.0, ())
    said[spec.key, cass.NUMBER] = _LAYER, ()
    return said


def _written(cells: Sequence[Cell]) -> tuple[Text, ...]:
    """Return what is written in the outlines of a drawing, the first few."""
    some = _some(cells)
    return (Text(f"图形内写有：{some}", f"written inside: {some}"),) if some else ()


def _some(cells: Sequence[Cell]) -> str:
    """Return the first few texts of a column."""
    texts = dict.fromkeys(str(cell) for cell in cells if cell is not None)
    return "、".join(list(texts)[:_WRITTEN])


def _proposal(
    column: Column,
    columns: Mapping[str, Sequence[Cell]],
    rated: Mapping[tuple[str, str], tuple[float, tuple[Text, ...]]],
    taken: Mapping[str, str],
    remembered: Mapping[str, str],
) -> Proposal:
    """Return the proposal of one column; open where headings compete or one is doubtful."""
    chosen: str | None = taken.get(column.name, NOTHING)
    scores = {heading: rated[column.name, heading][0] for heading in columns}
    rivals = _rivals(column, columns, scores, taken)
    if rivals and column.name not in remembered:
        chosen = None
    candidates = [
        Candidate(heading, Text(heading, heading), score, rated[column.name, heading][1])
        for heading, score in scores.items()
    ]
    candidates.append(Candidate(NOTHING, Text("文件中没有", "not in the file"), _OTHER + 0.1))
    candidates.sort(key=lambda one: (one.value != chosen, -one.score))
    unit = f" [{column.unit}]" if column.unit else ""
    question = Text(
        f"文件中哪一列是“{column.label_zh}{unit}”？",
        f"Which column of the file is {column.label_en}{unit}?",
    )
    return Proposal(f"column:{column.name}", question, tuple(candidates), chosen)


def _rivals(
    column: Column,
    columns: Mapping[str, Sequence[Cell]],
    scores: Mapping[str, float],
    taken: Mapping[str, str],
) -> list[str]:
    """Return the headings that make a column a question."""
    first = taken.get(column.name)
    free = [
        heading
        for heading, cells in columns.items()
        if heading not in taken.values() and any(cell is not None for cell in cells)
    ]
    if first is None:
        is_asked = column.dtype != "str" or bool(column.codes) or column.required
        least = _DOUBTFUL if is_asked else _LIKELY
        return [heading for heading in free if scores[heading] >= least]
    least = scores[first] if column.dtype == "str" else CERTAIN
    return [h for h in free if scores[h] >= least and list(columns[h]) != list(columns[first])]


def _rate(
    spec: LayerSpec,
    column: Column,
    heading: str,
    columns: Mapping[str, Sequence[Cell]],
    *,
    is_cut: bool,
) -> tuple[float, tuple[Text, ...]]:
    """Return how certainly a heading is a column, 0 to 1, and what makes it doubtful."""
    again = _NUMBERED.match(heading)
    if again and again.group(1) in columns:  # numbered because the file has it twice
        heading = again.group(1)
    tiers = _tiers(spec.name, column.name)
    for score, words in tiers:
        if _whole(heading) in words:
            return score, _confirm(score)
    found = parse(heading)
    base, score = _base(found.words, tiers)
    if base:
        return _qualified(found, base, score, spec.name)
    if is_cut and len(heading.encode("gb18030", "replace")) >= _SHORTEST_CUT:
        longer = [word for score, words in tiers if score >= CERTAIN for word in words]
        if any(word.startswith(_whole(heading)) for word in longer):
            return _CUT, ()
    return 0.0, ()


def _qualified(
    found: Heading, base: str, score: float, layer: str
) -> tuple[float, tuple[Text, ...]]:
    """Return the score of a known word with all that is said beside it."""
    before, _, after = found.words.partition(base)
    beside = [part for part in (before, after, *found.qualifiers) if part]
    senses = {part: vocabulary.sense(part.lower(), layer) for part in beside}
    worst = max(senses.values(), default=Sense.SAME)
    if worst == Sense.SAME:
        return score - _QUALIFIED * bool(beside), _confirm(score)
    odd = "、".join(part for part, sense in senses.items() if sense == worst)
    if worst == Sense.OTHER:
        return _OTHER, (Text(f"“{odd}”是另一项", f"{odd}: something else"),)
    return _UNKNOWN, (Text(f"不明白“{odd}”", f"{odd} is not understood"),)


def _confirm(score: float) -> tuple[Text, ...]:
    """Return what is said of a word that is only probably a column."""
    return (Text("可能是，请确认", "probably; please confirm"),) if score < CERTAIN else ()


def _base(words: str, tiers: Sequence[tuple[float, frozenset[str]]]) -> tuple[str, float]:
    """Return the longest known word in a heading with its score; Latin words only as a whole."""
    found = [
        (len(word), score, word)
        for score, known in tiers
        for word in known
        if word == words or (len(word) > 1 and not word.isascii() and word in words)
    ]
    _, score, word = max(found, default=(0, 0.0, ""))
    return word, score


@lru_cache(maxsize=4096)
def _tiers(layer: str, name: str) -> tuple[tuple[float, frozenset[str]], ...]:
    """Return the words of a column by score: its own names, its layer's, any layer's, likely."""
    spec = layers.ALL[layer]
    column = spec.column(name)
    short = short_names(spec.columns)[name]
    own = (name, column.label_zh, column.label_en, short)
    return (
        (_OWN, frozenset(map(_whole, own))),
        (_LAYER, frozenset(map(_whole, vocabulary.layer_words(layer, name)))),
        (_COLUMN, frozenset(map(_whole, vocabulary.column_words(layer, name)))),
        (_LIKELY, frozenset(map(_whole, vocabulary.likely_words(name)))),
    )
