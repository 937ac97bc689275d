"""Merging: accepted rows put into a district; what a file does not know it does not erase."""

import geopandas as gpd
import pandas as pd

import layers
from intake.receipt import Receipt
from layers.district import District


def merge(district: District, receipt: Receipt) -> District:
    """
    Return the district with the accepted rows of a receipt.

    A row whose key is already there is updated: a known value replaces what was there, an unknown
    one leaves it. A row whose key is new is added. No row is ever removed.

    Parameters
    ----------
    district : District
        The district as it is; it stays as it is.
    receipt : Receipt
        What was accepted, in the district's working CRS.

    Raises
    ------
    DataError
        If the layer with its new rows does not conform to its spec.
    """
    if not len(receipt.accepted):
        return district
    spec = layers.ALL[receipt.layer]
    old = district[receipt.layer].set_index(spec.key)
    new = receipt.accepted.set_index(spec.key)
    keys = old.index.union(new.index, sort=False)
    columns = {
        name: _known_first(new[name].reindex(keys), old[name].reindex(keys))
        for name in old.columns
        if name != old.geometry.name
    }
    there = new.geometry.reindex(keys)
    geometry = there.where(there.notna(), old.geometry.reindex(keys))
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=district.crs)
    return district.with_frames(**{receipt.layer: frame.rename_axis(spec.key).reset_index()})


def _known_first(new: pd.Series, old: pd.Series) -> pd.Series:
    return new.astype(object).where(new.notna(), old.astype(object))
