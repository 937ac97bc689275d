"""
Codes of another build: kept in the content as they are, and read as unknown.

A store that a later build wrote may hold codes that this one does not have. `District.frames` keeps
them, so that versions, edits, stores and hand-overs are exact; `District.__getitem__`, from which
everything is judged and drawn, shows the cells as unknown. A row whose required code is unknown
cannot be read at all, nor can a row that has to refer to it: both are left out there.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

import geopandas as gpd
import numpy as np

import layers

CodesByColumn: TypeAlias = Mapping[str, frozenset[str]]
"""Column -> codes that its spec does not have."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")  # as every build names codes; anything else is a fault


def unknown_codes(layer: str, frame: gpd.GeoDataFrame) -> CodesByColumn:
    """
    Return what can only be codes of another build, by column; columns without any are left out.

    Parameters
    ----------
    layer : str
        Name of the layer.
    frame : geopandas.GeoDataFrame
        Its rows, checked or not; a cell that does not look like a code is not returned.
    """
    found = {
        column.name: frozenset(
            cell
            for cell in set(frame[column.name].dropna())
            if isinstance(cell, str) and cell not in column.codes and _CODE.fullmatch(cell)
        )
        for column in layers.ALL[layer].columns
        if column.codes and column.name in frame
    }
    return {name: codes for name, codes in found.items() if codes}


def joined(
    one: Mapping[str, CodesByColumn], other: Mapping[str, CodesByColumn]
) -> dict[str, CodesByColumn]:
    """Return the codes of another build, by layer, that either of two districts has."""
    none: frozenset[str] = frozenset()
    return {
        layer: {
            column: first.get(column, none) | second.get(column, none)
            for column in first.keys() | second.keys()
        }
        for layer in one.keys() | other.keys()
        for first, second in [(one.get(layer, {}), other.get(layer, {}))]
    }


def readable(
    frames: Mapping[str, gpd.GeoDataFrame], unknown: Mapping[str, CodesByColumn]
) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the frames of a district as this build can read them.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        Every layer of `layers.SURVEYED`, conforming but for codes.
    unknown : mapping of str to CodesByColumn
        Layer -> its codes of another build.

    Returns
    -------
    dict of str to geopandas.GeoDataFrame
        The same frames where nothing is unknown in them; in the others these cells are missing, and
        rows that a required column does not allow are left out.
    """
    ready, left_out = dict(frames), dict[str, set[str]]()
    for name in layers.SURVEYED:  # a layer comes after those that it refers to
        frame, spec = frames[name], layers.ALL[name]
        is_out = np.zeros(len(frame), dtype=bool)
        for column in spec.columns:
            unread = {*unknown.get(name, {}).get(column.name, ())}
            unread |= left_out.get(column.refers_to, set())
            cells = frame[column.name].isin(unread).to_numpy() if unread else is_out & False
            if column.required:
                is_out |= cells
            elif cells.any():
                ready[name] = ready[name].assign(
                    **{column.name: frame[column.name].mask(cells, None)}
                )
        if is_out.any():
            ready[name] = ready[name][~is_out].reset_index(drop=True)
            left_out[name] = set(frame[spec.key][is_out])
    return ready
