"""Keys: where the key of each row comes from."""

import hashlib
import re
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from intake.proposal import Candidate, Proposal
from intake.reading import Cell, DeliveredTable
from layers.spec import LayerSpec
from wording import Text

GENERATE = "generate"
"""Made from the file's digest, its table and the row: the same file gives the same keys."""
KNOWN = "known"
"""Taken from the feature of the district that the row names."""
NAME = "name"
"""Taken from the feature of the district that has the row's name; the file's own for other rows."""
_POWER = re.compile(r"^\d(\.\d+)?[eE]\+\d+$")
_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number
_MOST = 0.5  # share of rows under a known name from which they are probably the same features


def propose(heading: str, *, is_matched: bool, known_names: float = 0.0) -> Proposal:
    """
    Propose the keys of a table; a question only where known features come under other keys.

    Parameters
    ----------
    heading : str
        The column mapped to the key, "" if none.
    is_matched : bool
        Whether the rows are matched with features already there.
    known_names : float, default 0.0
        Share of rows under the name of a feature already there, but not under its key. Taken as
        they are, they would be in the district twice.
    """
    question = Text("编号从哪里来？", "Where do the keys come from?")
    offers = [Candidate(GENERATE, Text("由文件摘要和行号生成", "made up"), 0.5)]
    if heading:
        label = Text(f"“{heading}”列", f"column {heading}")
        offers.insert(0, Candidate(heading, label, 0.9))
    if is_matched:
        label = Text("已有要素的编号", "the known feature's key")
        offers.insert(0, Candidate(KNOWN, label, 1.0))
    chosen = offers[0].value
    if known_names and not is_matched:
        label = Text("同名已有要素的编号，即更新该要素", "the known feature of that name")
        share = Text(
            f"{known_names:.0%} 的行与已有要素同名而编号不同",
            f"{known_names:.0%} of the rows have the name of a known feature and another key",
        )
        offers.insert(0, Candidate(NAME, label, known_names, (share,)))
        return Proposal("key", question, tuple(offers), None if known_names >= _MOST else chosen)
    return Proposal("key", question, tuple(offers), chosen)


def spoilt(cells: Sequence[Cell]) -> dict[int, str]:
    """Return the keys that a spreadsheet has rounded: in powers of ten, or of too many digits."""
    return {
        at: str(cell)
        for at, cell in enumerate(cells)
        if (isinstance(cell, str) and _POWER.match(cell))
        or (isinstance(cell, (int, float)) and abs(cell) >= _EXACT)
    }


def by_name(known: gpd.GeoDataFrame | None, key: str) -> dict[str, str]:
    """Return name to key of the known features whose name no other has."""
    if known is None or "name" not in known:
        return {}
    once = known[known["name"].notna() & ~known["name"].duplicated(keep=False)]
    return dict(zip(once["name"].astype(object), once[key].astype(object), strict=True))


def share_apart(keys: Sequence[Cell], others: Sequence[Cell]) -> float:
    """Return the share of rows whose two keys differ."""
    return sum(a != b for a, b in zip(keys, others, strict=True)) / max(len(keys), 1)


def renamed(keys: Sequence[Cell], names: Sequence[Cell], known: Mapping[str, str]) -> list[Cell]:
    """Return the key of each row; that of the known feature where there is one of its name."""
    return [
        known.get(name, key) if isinstance(name, str) else key
        for key, name in zip(keys, names, strict=True)
    ]


def made_up(digest: str, table: DeliveredTable) -> list[str]:
    """Return a key for each row, never that of another table of the same file."""
    named = hashlib.sha256(f"{table.member}\0{table.name}".encode("utf-8", "surrogatepass"))
    stem = f"{digest[:8] or 'row'}-{named.hexdigest()[:4]}"
    return [f"{stem}-{row}" for row in table.rows]


def of_known(
    spec: LayerSpec,
    known: gpd.GeoDataFrame,
    found: NDArray[np.intp],
    said: Mapping[str, Sequence[object]],
    *,
    with_key: bool,
) -> dict[str, list[object]]:
    """
    Return the keys of matched features, and what a row must have but its file does not say.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    known : geopandas.GeoDataFrame
        Its features already there.
    found : ndarray of int, shape (n,)
        The feature of each row by position, -1 where none.
    said : mapping of str to sequence of object
        Columns that the file fills, n cells each, None where a cell is blank.
    with_key : bool
        Whether the key is taken from the feature too.
    """
    taken = {}
    for column in spec.own_columns:
        is_key = with_key and column.name == spec.key
        if is_key or (column.required and column.name in known):
            values = known[column.name].astype(object).to_numpy()
            there = [values[at] if at >= 0 else None for at in found.tolist()]
            own = [None] * len(there) if is_key else said.get(column.name, [None] * len(there))
            taken[column.name] = [
                old if cell is None else cell for cell, old in zip(own, there, strict=True)
            ]
    return taken
