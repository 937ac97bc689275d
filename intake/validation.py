"""Validation: every row held against its layer, all faults at once, by the file's own rows."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

import layers
from intake.receipt import Reason
from layers.spec import Fault, LayerSpec

Reasons = dict[int, list[Reason]]
"""By position of the row, everything that is wrong with it."""

_USED_ONCE = "a key used once"


def check(
    spec: LayerSpec,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.int64],
    reasons: Reasons,
    known: Mapping[str, gpd.GeoDataFrame],
) -> NDArray[np.bool_]:
    """
    Add to `reasons` every fault of every row; return which rows cannot be accepted.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    frame : geopandas.GeoDataFrame
        The rows as columns of the layer, n of them.
    rows : ndarray of int64, shape (n,)
        Their row numbers in the file.
    reasons : mapping of int to list of Reason
        What is known to be wrong by position; such a row is not looked at again.
    known : mapping of str to geopandas.GeoDataFrame
        Layers already in the district, to which ids may refer.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    bad = np.zeros(len(frame), dtype=bool)
    bad[[at for at, why in reasons.items() if why]] = True
    _dangling(spec, frame, rows, reasons, known)
    for _ in range(2):  # a key is used twice only among the rows that are otherwise sound
        bad |= _faults(spec, frame, rows, bad, reasons)
    bad[[at for at, why in reasons.items() if why]] = True
    return bad


def _faults(
    spec: LayerSpec,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.int64],
    bad: NDArray[np.bool_],
    reasons: Reasons,
) -> NDArray[np.bool_]:
    """Check the rows not yet bad; name their faults by the file's rows; return the bad ones."""
    left = np.flatnonzero(~bad)
    more = np.zeros(len(frame), dtype=bool)
    faults = spec.faults(frame.iloc[left])
    only_keys = all(fault.expected_en == _USED_ONCE for fault in faults)
    for fault in faults:
        at = int(left[fault.row - 1])
        if fault.expected_en == _USED_ONCE and not only_keys:
            continue  # the other row of this key may be bad itself: ask again without it
        named = replace(fault, row=int(rows[at]))
        reasons.setdefault(at, []).append(Reason("row.fault", "", named))
        more[at] = True
    return more


def _dangling(
    spec: LayerSpec,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.int64],
    reasons: Reasons,
    known: Mapping[str, gpd.GeoDataFrame],
) -> None:
    """Add a fault for every id that leads to no row of a layer that has rows."""
    for column in spec.columns:
        target = known.get(column.refers_to)
        if target is None or column.name not in frame:
            continue
        there = set(target[layers.ALL[column.refers_to].key])
        if column.refers_to == spec.name:
            there |= set(frame[spec.key])
        for at, value in enumerate(frame[column.name].to_list()):
            if isinstance(value, str) and value not in there:
                label = layers.ALL[column.refers_to]
                fault = Fault(
                    spec.name,
                    spec.label_zh,
                    int(rows[at]),
                    str(frame[spec.key].iloc[at]) if spec.key in frame else "",
                    column.name,
                    column.label_zh,
                    repr(value),
                    f"a key or a name of the layer {label.name}",
                    f"{label.label_zh}图层中已有的编号或名称",
                )
                reasons.setdefault(at, []).append(Reason("row.fault", "", fault))
