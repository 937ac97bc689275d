"""Merging: accepted rows as an edit; missing values of a file erase nothing."""

import geopandas as gpd
import pandas as pd

from edits.cells import are_among, conformed, stacked
from edits.edit import Edit
from edits.rows import replace_rows
from intake.receipt import Receipt
from layers.district import District


def merge(district: District, receipt: Receipt) -> Edit:
    """
    Return the edit of the accepted rows of a receipt.

    A row whose key is already there is updated: a known value replaces what was there, an unknown
    one leaves it. A row whose key is new is added. No row is ever removed.

    Parameters
    ----------
    district : District
        The district as it is.
    receipt : Receipt
        What was accepted, in the district's working CRS.

    Raises
    ------
    DataError
        If the layer cannot hold the rows.
    """
    if not len(receipt.accepted):
        return Edit(district.crs)
    spec, frame = district.spec(receipt.layer), district.frames[receipt.layer]
    accepted = receipt.accepted
    before = frame[are_among(frame[spec.key], pd.Index(accepted[spec.key]))]
    is_known = are_among(accepted[spec.key], pd.Index(before[spec.key]))
    if not is_known.any():
        return replace_rows(district, receipt.layer, before, accepted)
    updated = conformed(spec, _merged(before, accepted[is_known], spec.key), district.crs)
    after = stacked(receipt.layer, updated, accepted[~is_known])
    return replace_rows(district, receipt.layer, before, after)


def _merged(before: gpd.GeoDataFrame, accepted: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """Return the accepted rows, missing values filled in from the rows before."""
    new = accepted.set_index(key)
    old = before.set_index(key).reindex(new.index)
    columns = {
        name: _known_first(new[name] if name in new else old[name], old[name])
        for name in old.columns
        if name != old.geometry.name
    }
    geometry = new.geometry.where(new.geometry.notna(), old.geometry)
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=accepted.crs)
    return frame.rename_axis(key).reset_index()


def _known_first(new: pd.Series, old: pd.Series) -> pd.Series:
    if old.isna().all() or new.notna().all():
        return new
    return new.astype(object).where(new.notna(), old.astype(object))
