"""Keys: where the key of each row comes from."""

import hashlib
import re
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from intake.identity import Twin
from intake.proposal import Candidate, Proposal, first_few
from intake.reading import Cell, DeliveredTable
from layers.spec import LayerSpec
from wording import Text, text

GENERATE = "generate"
"""Made from the file's digest, its table and the row: the same file gives the same keys."""
KNOWN = "known"
"""Taken from the feature of the district that the row names."""
NAME = "name"
"""Taken from the feature of the district that a row is; the file's own for other rows."""
_POWER = re.compile(r"^\d(\.\d+)?[eE]\+\d+$")
_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number


def propose(
    heading: str,
    *,
    is_matched: bool,
    twins: Mapping[int, Twin],
    undecided: Mapping[int, Twin],
) -> Proposal:
    """
    Propose the keys of a table; a question where known features come under other keys.

    Parameters
    ----------
    heading : str
        The column mapped to the key, "" if none.
    is_matched : bool
        Whether the rows are matched with features already there.
    twins : mapping of int to Twin
        Rows that are probably a known feature under another key. Taken as they are, these features
        would be in the district twice.
    undecided : mapping of int to Twin
        Those of them that nobody answered for one by one.
    """
    question = Text("编号从哪里来？", "Where do the keys come from?")
    offers = [
        Candidate(
            GENERATE,
            Text("由文件摘要和行号生成", "made from the digest of the file and the row"),
            0.5,
        )
    ]
    if heading:
        label = Text(f"“{heading}”列", f"column {heading}")
        offers.insert(0, Candidate(heading, label, 0.9))
    if is_matched:
        label = Text("已有要素的编号；其他行隔离", "the known feature's key; other rows are none")
        offers.insert(0, Candidate(KNOWN, label, 1.0))
    chosen = offers[0].value
    if twins:
        label = Text("是同一处：更新已有要素", "the same: update the known features")
        evidence = [twin.evidence for _, twin in sorted(undecided.items())]
        offers.insert(0, Candidate(NAME, label, 1.0, first_few(evidence)))
    if not undecided:
        return Proposal("key", question, tuple(offers), chosen)
    return Proposal("key", text("key.known", n=len(undecided)), tuple(offers))


def spoilt(cells: Sequence[Cell]) -> dict[int, str]:
    """Return the keys that a spreadsheet has rounded: in powers of ten, or of too many digits."""
    return {
        at: str(cell)
        for at, cell in enumerate(cells)
        if (isinstance(cell, str) and _POWER.match(cell))
        or (isinstance(cell, (int, float)) and abs(cell) >= _EXACT)
    }


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
