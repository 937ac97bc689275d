"""Obstacles that are lines: pipes by kind, power cables overhead, overhead lines."""

import geopandas as gpd
import numpy as np
import pandas as pd

from clearances.features import FeatureClass
from clearances.obstacle import (
    ObstacleClass,
    Obstacles,
    as_text,
    classified,
    filled_in,
    with_figures,
)
from layers import pipelines
from layers.district import District
from wording import Text

NO_DEPTH: Text = Text("埋深不明", "depth unknown")
NO_ACCURACY: Text = Text("探测精度不明", "accuracy unknown")
NO_DIAMETER: Text = Text("外径不明", "diameter unknown")
_BLANKS: tuple[Text, ...] = (NO_DEPTH, NO_ACCURACY, NO_DIAMETER)
_OVERHEAD: Text = Text("架空，按地下管线净距从严", "overhead: held to the table for buried pipes")


def pipes(district: District) -> Obstacles:
    """
    Return all pipes but power cables overhead.

    Half the outer diameter is the pipe's, not the distance's. The tables are for buried pipes;
    they apply to those overhead too, which have no depth. A diameter of 0 is one that was not
    measured.

    Parameters
    ----------
    district : District
        Its `pipelines`; none where they were never surveyed.

    Returns
    -------
    Obstacles
        Class ``"pipe"``; unsure where depth, accuracy or diameter is unknown.
    """
    lines = district["pipelines"]
    return pipes_of(lines[~_is_overhead_cable(lines)])


def pipes_of(lines: gpd.GeoDataFrame) -> Obstacles:
    """
    Return pipes as obstacles, as `pipes` does of a whole district.

    Parameters
    ----------
    lines : geopandas.GeoDataFrame
        k rows of `pipelines`.

    Returns
    -------
    Obstacles
        k of them, in their order.
    """
    is_measured = (lines["diameter_mm"] > 0).fillna(value=False).astype(bool)
    traits = as_text(lines[["kind", "sub_kind", "laid", "pressure"]]).assign(
        depth_m=lines["depth_m"].isna() & (lines["laid"] != "overhead").fillna(value=True),
        accuracy_m=lines["accuracy_m"].isna(),
        no_diameter=~is_measured,
    )
    sizes = lines[["diameter_mm"]].where(is_measured)
    return with_figures(
        classified("pipelines", lines, traits, _pipe, sizes),
        half_width_m=lines["diameter_mm"].fillna(0.0).to_numpy() / 2000.0,
        accuracy_m=lines["accuracy_m"].to_numpy(),
    )


def _pipe(  # noqa: PLR0913, PLR0917 - the cells of a table's row
    kind: str,
    sub: str,
    laid: str,
    pressure: str,
    no_depth: bool,  # noqa: FBT001
    no_accuracy: bool,  # noqa: FBT001
    no_diameter: bool,  # noqa: FBT001
    diameter_mm: float,
) -> ObstacleClass:
    """Name a pipe by its kind, pressure and laying; a blank in the survey makes it unsure."""
    names = (
        pipelines.KINDS.get(kind),
        pipelines.SUB_KINDS.get(sub),
        pipelines.PRESSURES.get(pressure),
        pipelines.LAYING.get(laid),
    )
    said = [name for name in names if name]
    blank = (no_depth, no_accuracy, no_diameter)
    attributes = filled_in(kind=kind, sub_kind=sub, laid=laid, pressure=pressure)
    size = () if no_diameter else filled_in(diameter_mm=diameter_mm)
    return ObstacleClass(
        FeatureClass("pipe", (*attributes, *size)),
        Text(" ".join(name.zh for name in said), " ".join(name.en for name in said)),
        (
            *((_OVERHEAD,) if laid == "overhead" else ()),
            *(note for note, is_blank in zip(_BLANKS, blank, strict=True) if is_blank),
        ),
        is_unsure=any(blank),
    )


def _is_overhead_cable(lines: pd.DataFrame) -> pd.Series:
    found = (lines["laid"] == "overhead") & (lines["kind"] == "DL")
    return found.fillna(value=False).astype(bool)


def overhead_cables(district: District) -> Obstacles:
    """
    Return the power cables that the pipe survey found overhead, voltage and height unknown.

    Parameters
    ----------
    district : District
        Its `pipelines`.

    Returns
    -------
    Obstacles
        Class ``"overhead_line"``, all unsure.
    """
    cables = district["pipelines"]
    cables = cables[_is_overhead_cable(cables)]
    described = ObstacleClass(
        FeatureClass("overhead_line"),
        Text("架空电力线", "overhead power line"),
        (Text("导线高度不明", "height unknown"),),
        is_unsure=True,
    )
    return classified("pipelines", cables, cables[["kind"]], lambda _: described)


def overhead_lines(district: District) -> Obstacles:
    """
    Return the overhead lines, telecom cables left out: no table speaks of them.

    Parameters
    ----------
    district : District
        Its `overhead_lines`: kind, voltage [kV], height [m] and accuracy [m], NaN unknown.

    Returns
    -------
    Obstacles
        Class ``"overhead_line"``; unsure where the accuracy is unknown.
    """
    lines = district["overhead_lines"]
    lines = lines[(lines["kind"] != "telecom").fillna(value=True)]
    traits = pd.DataFrame(
        {"voltage_kv": lines["voltage_kv"], "unsure": lines["accuracy_m"].isna().to_numpy()}
    )
    return with_figures(
        classified("overhead_lines", lines, traits, _overhead_line),
        accuracy_m=lines["accuracy_m"].to_numpy(),
        height_m=lines["height_m"].to_numpy(),
    )


def _overhead_line(voltage_kv: float, unsure: bool) -> ObstacleClass:  # noqa: FBT001 - a table's cell
    attributes = () if np.isnan(voltage_kv) else filled_in(voltage_kv=voltage_kv)
    return ObstacleClass(
        FeatureClass("overhead_line", attributes),
        Text("架空线", "overhead line"),
        (NO_ACCURACY,) if unsure else (),
        is_unsure=unsure,
    )
