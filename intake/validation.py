"""Validation: every row checked against its layer's spec, all faults at once, by file row."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

import layers
from intake.receipt import QuarantineReason
from layers.checks import key_violations
from layers.spec import Fault, LayerSpec

Reasons = dict[int, list[QuarantineReason]]
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
    reasons : mapping of int to list of QuarantineReason
        What is known to be wrong by position. Such a row is not looked at again, unless it is only
        its place that is wrong.
    known : mapping of str to geopandas.GeoDataFrame
        Layers already in the district, to which ids may refer.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    unreadable = np.zeros(len(frame), dtype=bool)
    unreadable[[at for at, why in reasons.items() if not _is_readable(why)]] = True
    _dangling(spec, frame, rows, reasons, known)
    _faults(spec, frame, rows, ~unreadable, reasons)
    # A key is used twice only among the rows that are otherwise sound.
    sound = ~_bad(reasons, len(frame))
    if spec.key in frame and key_violations(frame.loc[sound, spec.key], spec.columns[0]):
        _faults(spec, frame, rows, sound, reasons, of_keys=True)
    return _bad(reasons, len(frame))


def _bad(reasons: Reasons, count: int) -> NDArray[np.bool_]:
    bad = np.zeros(count, dtype=bool)
    bad[[at for at, why in reasons.items() if why]] = True
    return bad


def _is_readable(why: list[QuarantineReason]) -> bool:
    """Return whether the cells of a row are what the file says, whatever its place."""
    return all(reason.rule.startswith(("coordinate.", "geometry.")) for reason in why)


def _faults(
    spec: LayerSpec,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.int64],
    looked_at: NDArray[np.bool_],
    reasons: Reasons,
    *,
    of_keys: bool = False,
) -> None:
    """Name the faults of some rows by the file's row numbers: all but those of keys, or these."""
    left = np.flatnonzero(looked_at)
    for fault in spec.faults(frame if looked_at.all() else frame.iloc[left]):
        at = int(left[fault.row - 1])
        is_said = fault.column == "geometry" and reasons.get(at)  # better than the layer could
        if (fault.expected_en == _USED_ONCE) is of_keys and not is_said:
            named = replace(fault, row=int(rows[at]))
            reasons.setdefault(at, []).append(QuarantineReason("row.fault", "", named))


def _dangling(
    spec: LayerSpec,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.int64],
    reasons: Reasons,
    known: Mapping[str, gpd.GeoDataFrame],
) -> None:
    """Add a fault for every unresolved foreign key; a layer without rows is not checked."""
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
                reasons.setdefault(at, []).append(QuarantineReason("row.fault", "", fault))
