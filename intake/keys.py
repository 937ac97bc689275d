"""Keys: where the key of each row comes from."""

import hashlib
from collections.abc import Collection

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from intake.proposal import Candidate, Proposal, Sentence
from intake.reading import Table
from layers.spec import LayerSpec

GENERATE = "generate"
"""Made from the file's digest, its table and the row: the same file gives the same keys."""
KNOWN = "known"
"""Taken from the feature of the district that the row names."""


def propose(heading: str, *, is_matched: bool) -> Proposal:
    """
    Propose the keys of a table; always settled.

    Parameters
    ----------
    heading : str
        The column mapped to the key, "" if none.
    is_matched : bool
        Whether the rows are matched with features already there.
    """
    question = Sentence("Where do the keys come from?", "编号从哪里来？")
    offers = [Candidate(GENERATE, Sentence("made up", "由文件摘要和行号生成"), 0.5)]
    if heading:
        label = Sentence(f"column {heading}", f"“{heading}”列")
        offers.insert(0, Candidate(heading, label, 0.9))
    if is_matched:
        label = Sentence("the known feature's key", "已有要素的编号")
        offers.insert(0, Candidate(KNOWN, label, 1.0))
    return Proposal("key", question, tuple(offers), offers[0].value)


def made_up(digest: str, table: Table) -> list[str]:
    """Return a key for each row, never that of another table of the same file."""
    named = hashlib.sha256(f"{table.member}\0{table.name}".encode("utf-8", "surrogatepass"))
    stem = f"{digest[:8] or 'row'}-{named.hexdigest()[:4]}"
    return [f"{stem}-{row}" for row in table.rows]


def of_known(
    spec: LayerSpec,
    known: gpd.GeoDataFrame,
    found: NDArray[np.intp],
    said: Collection[str],
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
    said : collection of str
        Columns that the file fills.
    with_key : bool
        Whether the key is taken from the feature too.
    """
    taken = {}
    for column in spec.own_columns:
        lacking = column.required and column.name not in said and column.name in known
        if lacking or (with_key and column.name == spec.key):
            values = known[column.name].astype(object).to_numpy()
            taken[column.name] = [values[at] if at >= 0 else None for at in found.tolist()]
    return taken
