"""A layer as the table of a store has it: its own columns, known to this build or not."""

import re
from collections.abc import Collection, Mapping

import geopandas as gpd
import pandas as pd

import layers
from layers.column import Column, DType
from layers.spec import LayerSpec

_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,49}")  # as every build names layers and columns


def stored_spec(layer: str, columns: Mapping[str, DType]) -> LayerSpec:
    """
    Return the spec of a layer with exactly these columns.

    Parameters
    ----------
    layer : str
        Its name; one that this build does not know is labelled by it.
    columns : mapping of str to DType
        Every column, its key first, by the type that the table declares. One that no build of ours
        can have named is left out: names become part of statements.
    """
    spec = layers.ALL.get(layer) or LayerSpec(layer, layer, layer, "Point", ())
    known = {column.name: column for column in spec.columns}
    return spec.as_stored(
        tuple(
            known.get(name) or Column(name, dtype, name, name)
            for name, dtype in columns.items()
            if name in known or _PLAIN.fullmatch(name)
        )
    )


def in_order(names: Collection[str]) -> list[str]:
    """Return names of layers in the order of `layers.ALL`, those not known behind."""
    known = [name for name in layers.SURVEYED if name in names]
    return known + sorted(name for name in set(names) - set(layers.ALL) if _PLAIN.fullmatch(name))


def spec_of_frame(layer: str, frame: gpd.GeoDataFrame) -> LayerSpec:
    """
    Return the spec of a layer with all columns of a frame; those it does not know typed by values.

    Parameters
    ----------
    layer : str
        Its name.
    frame : geopandas.GeoDataFrame
        Its rows, columns that this build does not know as plain values (`District.frames`,
        `District.unknown_frames`).
    """
    spec = layers.ALL.get(layer)
    known = {column.name: column.dtype for column in spec.columns} if spec else {}
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    return stored_spec(layer, {name: known.get(name) or _dtype_of(frame[name]) for name in names})


def _dtype_of(values: pd.Series) -> DType:
    kinds = set(map(type, values.dropna()))
    if kinds and kinds <= {int}:
        return "int"
    return "float" if kinds and kinds <= {int, float} else "str"
