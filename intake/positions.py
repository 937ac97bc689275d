"""
Positions: where the rows of a table without geometry are.

Two columns of coordinates (decimal, with thousands, or degrees-minutes-seconds), one column that
holds both, or a key or name that a feature of the district already has.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.arrays import IndexArray, ShapeArray
from geo.errors import DataError
from intake.coordinates import number, pair
from intake.features import NOBODY, Features, named_once, own_column, places
from intake.headings import plain
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from intake.vocabulary import column_words, layer_words, position_words
from layers.spec import LayerSpec
from wording import Text

Match = tuple[IndexArray, dict[int, str]]
"""The known feature of each of n rows by position, `NOBODY` where none, and by row why none."""

GEOMETRY = "geometry"
"""The choice "the file's own geometries"."""

_SEP = "\t"
_NOWHERE = Text(
    "各行的位置从哪里来？没有找到坐标列，也没有本区已有的编号或名称："
    "请将坐标列命名为“经度”“纬度”（或 X、Y），或填写已有要素的编号",
    "Where are the rows? No column of coordinates was found, and no key or name that is in the "
    "district: head the columns 经度 and 纬度 (or X, Y), or give the key of known features",
)


def propose(
    spec: LayerSpec,
    columns: Mapping[str, Sequence[Cell]],
    known: Features | None,
    parents: Mapping[str, Sequence[Cell]],
    *,
    has_geometry: bool,
) -> Proposal:
    """
    Propose the position of the rows; settled by geometries or by one clearly best candidate.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    columns : mapping of str to sequence of cell
        The file's cells by heading.
    known : Features or None
        The layer as the district has it.
    parents : mapping of str to sequence of cell
        Columns of the natural key that name the parent of each row, as ids.
    has_geometry : bool
        Whether the file has geometries of its own.
    """
    question = Text("各行的位置从哪里来？", "Where are the rows?")
    if has_geometry:
        only = Candidate(GEOMETRY, Text("文件自带图形", "the file's own geometries"), 1.0)
        return Proposal("position", question, (only,), GEOMETRY)
    points = [*_pairs(columns), *_single(columns)]
    if spec.geometry != "Point":  # a point is no outline: only where nothing else is said
        points = [replace(candidate, score=0.1 * candidate.score) for candidate in points]
    found = [*points, *_matching(spec, columns, known, parents)]
    ranked = tuple(sorted(found, key=lambda candidate: -candidate.score))
    if not ranked:
        return Proposal("position", _NOWHERE, (), free=True)
    return Proposal("position", question, ranked, ranked[0].value, free=True)


def require_usable(
    choice: str, columns: Mapping[str, Sequence[Cell]], known: Features | None
) -> None:
    """
    Raise if a position names no column of the file, or no known feature.

    Parameters
    ----------
    choice : str
        ``xy``, two headings; ``pair``, one heading; or ``match``, a column of the layer and a
        heading; tabs between.

    Raises
    ------
    DataError
        If it is none of these.
    """
    kind, *names = choice.split(_SEP)
    headings = names[1:] if kind == "match" else names
    wanted = {"xy": 2, "pair": 1, "match": 2}.get(kind)
    matches = kind != "match" or (known is not None and bool(names) and names[0] in known.columns)
    if len(names) == wanted and matches and all(name in columns for name in headings):
        return
    shown = choice.replace(_SEP, " ")
    there = "、".join(columns)
    raise DataError(
        f"position {shown!r}: expected xy and two headings, pair and one heading, or match, a "
        f"column of known features and a heading; headings are {there}",
        f"位置 {shown!r}：应为 xy 加两个列名、pair 加一个列名，或 match 加已有要素的字段和列名；"
        f"列名有：{there}",
    )


def _pairs(columns: Mapping[str, Sequence[Cell]]) -> list[Candidate]:
    found = []
    for first, second, score in (("lon", "lat", 1.0), ("x", "y", 0.9)):
        one = [h for h in columns if _is(h, first)]
        two = [h for h in columns if _is(h, second)]
        found += [
            Candidate(_SEP.join(("xy", a, b)), Text(f"“{a}”“{b}”两列", f"columns {a}, {b}"), score)
            for a, b in zip(one, two, strict=False)
        ]
    return found


def _is(heading: str, kind: str) -> bool:
    words = set(map(plain, position_words(kind)))
    return plain(heading) in words or plain(heading.rsplit("/", 1)[-1]) in words


def has_coordinates(headings: Iterable[str]) -> bool:
    """Return whether a table has columns of coordinates, going by its headings."""
    kinds = {
        kind
        for heading in headings
        for kind in ("lon", "lat", "x", "y", "pair")
        if _is(heading, kind)
    }
    return "pair" in kinds or {"lon", "lat"} <= kinds or {"x", "y"} <= kinds


def _single(columns: Mapping[str, Sequence[Cell]]) -> list[Candidate]:
    return [
        Candidate(_SEP.join(("pair", h)), Text(f"“{h}”一列", f"column {h}"), 0.8)
        for h, cells in columns.items()
        if _is(h, "pair") and any(np.isfinite(pair(cell)).all() for cell in cells)
    ]


def _matching(
    spec: LayerSpec,
    columns: Mapping[str, Sequence[Cell]],
    known: Features | None,
    parents: Mapping[str, Sequence[Cell]],
) -> list[Candidate]:
    """Offer each column whose cells are keys or names of features already there."""
    if known is None:
        return []
    found = []
    for name in [n for n in (spec.key, own_column(spec)) if n in known.columns]:
        words = _words(spec, name)
        for heading, cells in columns.items():
            is_named = plain(heading) in words
            said, there = _called(name, cells if is_named else _texts(cells), known, parents)
            share = len(set(filter(None, said)) & set(there)) / max(len(set(said) - {""}), 1)
            if share > 0.3 or (share > 0 and is_named):  # noqa: PLR2004
                label = Text(
                    f"按“{heading}”对应已有{spec.label_zh}的{spec.column(name).label_zh}",
                    f"features of {spec.label_en} whose {name} is in {heading}",
                )
                evidence = (Text(f"找到 {share:.0%}", f"{share:.0%} found"),)
                found.append(
                    Candidate(_SEP.join(("match", name, heading)), label, 0.7 * share, evidence)
                )
    return found


def _words(spec: LayerSpec, name: str) -> set[str]:
    """Return the headings that a column is known by."""
    label = spec.column(name).label_zh
    words = (*layer_words(spec.name, name), *column_words(spec.name, name), name, label)
    return set(map(plain, words))


def _texts(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells without numbers: 6 under 层数 is not building 6."""
    return [
        cell if isinstance(cell, str) and not cell.strip().isdigit() else None for cell in cells
    ]


def _called(
    name: str, cells: Sequence[Cell], known: Features, parents: Mapping[str, Sequence[Cell]]
) -> tuple[list[str], list[str]]:
    """Return what rows are called by their key or name, "" if blank, and what features are."""
    if name == known.spec.key:
        said = ["" if cell is None else str(cell).strip() for cell in cells]
        return said, [str(cell).strip() for cell in known.keys]
    parts = (*(part for part in known.spec.natural_key[:-1] if part in parents), name)
    columns = {**parents, name: [None if cell is None else _whole(cell) for cell in cells]}
    nowhere = np.full(len(cells), None, dtype=object)
    rows = Features(known.spec, columns, nowhere, [None] * len(cells), known.parents)
    return rows.called(parts), known.called(parts)


def _whole(cell: Cell) -> str:
    """Return a cell as text; a number of a sheet is 3, not 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def is_match(choice: str) -> bool:
    """Return whether the rows take the geometry of features already known."""
    return choice.startswith("match" + _SEP)


def columns_of(choice: str) -> tuple[str, ...]:
    """Return the columns that hold the coordinates, () where the rows get their place otherwise."""
    kind, *names = choice.split(_SEP)
    return tuple(names) if kind in {"xy", "pair"} else ()


def points(choice: str, columns: Mapping[str, Sequence[Cell]]) -> ShapeArray:
    """
    Return a point for every row, in the file's own numbers; None where a row has no usable numbers.

    Parameters
    ----------
    choice : str
        A value of the ``position`` proposal other than a match.
    columns : mapping of str to sequence of cell
        Decoded columns.
    """
    kind, *names = choice.split(_SEP)
    if kind == "pair":
        xy = np.array([pair(cell) for cell in columns[names[0]]], dtype=np.float64).reshape(-1, 2)
    else:
        xy = np.column_stack([[number(cell) for cell in columns[name]] for name in names])
    shapes = np.full(len(xy), None, dtype=object)
    good = np.isfinite(xy).all(axis=1)
    shapes[good] = shapely.points(xy[good])
    return shapes


def matched(
    choice: str,
    columns: Mapping[str, Sequence[Cell]],
    known: Features,
    parents: Mapping[str, Sequence[Cell]],
) -> Match:
    """
    Find the known feature that each row names, a building by its estate and number.

    Parameters
    ----------
    choice : str
        ``match``, a column of the layer and a heading; tabs between.
    columns : mapping of str to sequence of cell
        The file's cells by heading.
    known : Features
        The layer as the district has it.
    parents : mapping of str to sequence of cell
        Columns of the natural key that name the parent of each row, as ids.

    Returns
    -------
    Match
        Positions in `known`, shape (n,), `NOBODY` where none; and by row the rule that says why.
    """
    _, name, heading = choice.split(_SEP)
    said, there = _called(name, columns[heading], known, parents)
    features = named_once(there)
    rows_of = {form: len(at) for form, at in places(said).items()}
    named = [features.get(form, NOBODY) if rows_of.get(form) == 1 else NOBODY for form in said]
    found = np.array(named, dtype=np.intp)
    many = set(there) - set(features)
    faults = {
        at: _fault(said[at], rows_of, many) for at in np.flatnonzero(found == NOBODY).tolist()
    }
    return found, faults


def _fault(form: str, rows_of: Mapping[str, int], many: Collection[str]) -> str:
    """Return the rule that says why a row is no known feature."""
    if rows_of.get(form, 1) > 1:
        return "geometry.many_rows"
    return "geometry.many_matches" if form and form in many else "geometry.no_match"
