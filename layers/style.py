"""
How every layer looks, stated once in ``style.toml``: map, booklet and QGIS draw from it.

Lengths are millimetres on paper and CSS pixels on the screen; scales are denominators.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

import layers
from wording import Language

RGB: TypeAlias = tuple[int, int, int]

STYLE = Path(__file__).with_name("style.toml")
_SHAPE = {"Point": "symbol", "LineString": "line", "Polygon": "area"}


@dataclass(frozen=True, slots=True)
class Hatch:
    """
    Parallel lines over an area, so that it is told apart in black and white.

    Attributes
    ----------
    angle : float
        Degrees, counter-clockwise from the horizontal.
    gap, width : float
        Between lines, and of a line [mm].
    stroke : RGB
        Colour.
    """

    angle: float
    gap: float
    stroke: RGB
    width: float = 0.12


@dataclass(frozen=True, slots=True)
class Ink:
    """
    The look of a shape on paper.

    Attributes
    ----------
    stroke, fill : RGB or None
        Colours; None draws no line, no area.
    width : float
        Of the line [mm].
    dash : tuple of float
        On, off, on, off ... [mm]; empty is solid.
    hatch : Hatch or None
        Drawn over the area.
    """

    stroke: RGB | None = None
    fill: RGB | None = None
    width: float = 0.15
    dash: tuple[float, ...] = ()
    hatch: Hatch | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """
    What differs on the screen from the look on paper; None means as on paper.

    Attributes
    ----------
    stroke, fill : RGB or None
        Colours on a light ground.
    dark_stroke, dark_fill : RGB or None
        Colours on a dark ground.
    weight, radius : float or None
        Of lines, and of a symbol at its full size [px].
    dash : tuple of float or None
        [px].
    opacity : float
        Of the fill, 0 to 1.
    """

    stroke: RGB | None = None
    fill: RGB | None = None
    dark_stroke: RGB | None = None
    dark_fill: RGB | None = None
    weight: float | None = None
    radius: float | None = None
    dash: tuple[float, ...] | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class Theme:
    """
    Rows of a layer that look alike, or a mark that only the sheets draw.

    Attributes
    ----------
    key, group : str
        Name of the theme, and of the PDF layer it stands under, "" if no sheet draws it.
    zh, en : str
        Words of the legend.
    layer : str
        Layer the features come from, "" for a mark without a layer.
    where : mapping of str to tuple of str
        Column values that belong to the theme; "" is a value never surveyed.
    scope : {"estate", "around", "all"}
        Features of the sheet's estate, all others, or both.
    shape : {"area", "line", "disc", "symbol"}
        How features are drawn.
    ink : Ink
        Lines and areas on paper.
    symbol, mark, code : str
        Symbol's name, the letter in it, the code printed along a line.
    size : float
        Of the symbol [mm].
    measure_column : str
        Column with the true width of a line or radius of a disc [m], "" if none.
    sensitive : bool
        Never shown to the public.
    screen : Screen
        What differs on the map.
    """

    key: str
    group: str
    zh: str
    en: str
    layer: str
    where: Mapping[str, tuple[str, ...]]
    scope: str
    shape: str
    ink: Ink
    symbol: str = ""
    mark: str = ""
    code: str = ""
    size: float = 3.0
    measure_column: str = ""
    sensitive: bool = False
    screen: Screen = Screen()

    def label(self, language: Language) -> str:
        """Return the words of the legend in `language`, ``"zh"`` or ``"en"``."""
        return self.zh if language == "zh" else self.en

    @property
    def path(self) -> tuple[str, ...]:
        """The PDF layer: map, group, theme; a theme may be a group of its own."""
        return ("map", self.key) if self.group == self.key else ("map", self.group, self.key)

    def rows(self, frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        """Return which rows of `frame` have the theme's column values, whatever their estate."""
        wanted = np.ones(len(frame), dtype=bool)
        for column, values in self.where.items():
            unknown = frame[column].isna().to_numpy()
            known = frame[column].astype(str).isin([value for value in values if value])
            wanted &= np.where(unknown, "" in values, known.to_numpy())
        return wanted


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """
    The look of one layer.

    Attributes
    ----------
    layer : str
        Its name in `layers.ALL`.
    themes : tuple of Theme
        In the order they are drawn.
    label_column : str
        Column written beside a feature, "" if none.
    scale : float
        Denominator of the smallest scale at which the map draws it, inf for every scale.
    opens : bool
        Whether the map shows it before anybody switches it on.
    hovers : bool
        Whether the map names a feature under the pointer.
    sheet : str
        Part of the sheets that draw it, "" if only sheets that name its themes do.
    """

    layer: str
    themes: tuple[Theme, ...]
    label_column: str
    scale: float
    opens: bool
    hovers: bool
    sheet: str

    def theme_of_rows(
        self, frame: gpd.GeoDataFrame, in_estate: NDArray[np.bool_] | None = None
    ) -> NDArray[np.intp]:
        """
        Return the theme of every row, seen from no estate in particular.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
            n rows of the layer.
        in_estate : ndarray of bool, shape (n,), optional
            Whether a row belongs to any estate; every row does if absent.

        Returns
        -------
        ndarray of int, shape (n,)
            Place in `themes`; that of the first theme for rows that no theme is about.
        """
        found = np.zeros(len(frame), dtype=np.intp)
        belongs = np.ones(len(frame), dtype=bool) if in_estate is None else in_estate
        divided = {theme.scope for theme in self.themes} >= {"estate", "around"}
        for place in reversed(range(len(self.themes))):
            theme = self.themes[place]
            rows = theme.rows(frame)
            if divided and theme.scope != "all":
                rows &= belongs == (theme.scope == "estate")
            found[rows] = place
        return found


@lru_cache(maxsize=1)
def layer_styles() -> Mapping[str, LayerStyle]:
    """Return the look of every layer by its name, from the ground up."""
    tables = tomllib.loads(STYLE.read_text(encoding="utf-8"))
    return {name: layer_style(name, table) for name, table in tables.items()}


def layer_style(name: str, table: Mapping[str, Any]) -> LayerStyle:
    """Return the look of layer `name` out of its table in the style file."""
    spec = layers.ALL[name]
    usual = {
        "layer": name,
        "key": name,
        "zh": spec.label_zh,
        "en": spec.label_en,
        "shape": _SHAPE[spec.geometry],
    }
    usual |= {key: value for key, value in table.items() if key != "theme"}
    themes = tuple(
        read_theme({**usual, **_coded_labels(name, own), **own}) for own in table.get("theme", [{}])
    )
    return LayerStyle(
        layer=name,
        themes=themes,
        label_column=table.get("label", ""),
        scale=table.get("scale", float("inf")),
        opens=table.get("opens", False),
        hovers=table.get("hovers", False),
        sheet=table.get("sheet", ""),
    )


def _coded_labels(layer: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the legend of a theme that is about one code: the code's own labels."""
    for column, values in entry.get("where", {}).items():
        codes = layers.ALL[layer].column(column).codes or {}
        if values[0] in codes:
            label = codes[values[0]]
            return {"zh": label.zh, "en": label.en}
    return {}


def sheet_themes(part: str) -> Iterator[Theme]:
    """Yield the themes of a part of the sheets: ground, outline, plants, pipes, access, places."""
    for style in layer_styles().values():
        if style.sheet == part:
            yield from style.themes


def read_theme(entry: Mapping[str, Any]) -> Theme:
    """
    Return the theme of a block in a style file.

    Raises
    ------
    LookupError, TypeError, ValueError
        If the block lacks a key or holds something else than a style.
    """
    return Theme(
        key=entry["key"],
        group=entry.get("group", ""),
        zh=entry["zh"],
        en=entry["en"],
        layer=entry["layer"],
        where={column: tuple(values) for column, values in entry.get("where", {}).items()},
        scope=entry.get("scope", "all"),
        shape=entry["shape"],
        ink=_ink(entry),
        symbol=entry.get("symbol", ""),
        mark=entry.get("mark", ""),
        code=entry.get("code", ""),
        size=entry.get("size", 3.0),
        measure_column=entry.get("width_column", entry.get("radius_column", "")),
        sensitive=entry.get("sensitive", False),
        screen=_screen(entry.get("screen", {}), entry.get("dark", {})),
    )


def _ink(entry: Mapping[str, Any]) -> Ink:
    hatch = entry.get("hatch")
    return Ink(
        stroke=_rgb(entry.get("stroke")),
        fill=_rgb(entry.get("fill")),
        width=entry.get("width", 0.15),
        dash=tuple(entry.get("dash", ())),
        hatch=Hatch(hatch["angle"], hatch["gap"], tuple(hatch["stroke"]), hatch["width"])
        if hatch
        else None,
    )


def _screen(light: Mapping[str, Any], dark: Mapping[str, Any]) -> Screen:
    return Screen(
        stroke=_rgb(light.get("stroke")),
        fill=_rgb(light.get("fill")),
        dark_stroke=_rgb(dark.get("stroke")),
        dark_fill=_rgb(dark.get("fill")),
        weight=light.get("weight"),
        radius=light.get("radius"),
        dash=tuple(light["dash"]) if "dash" in light else None,
        opacity=light.get("opacity", 1.0),
    )


def css_colour(colour: RGB | None) -> str:
    """Return a colour as ``"#rrggbb"``, ``""`` for none."""
    return "#" + bytes(colour).hex() if colour else ""


def _rgb(value: list[int] | str | None) -> RGB | None:
    """Return a colour out of [red, green, blue] or ``"#rrggbb"``."""
    if value is None:
        return None
    red, green, blue = bytes.fromhex(value[1:]) if isinstance(value, str) else value
    return int(red), int(green), int(blue)
