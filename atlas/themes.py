"""
Themes: one declaration a layer gives its drawing, its legend, its PDF layer and its colour.

Read from ``style.toml``, over which an office may lay a file of its own; pipe colours come from
the rulebook.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from atlas.ink import RGB, Hatch, Ink
from geo.errors import DataError

STYLE = Path(__file__).parent / "style.toml"


@dataclass(frozen=True)
class Theme:
    """
    What one kind of feature looks like and is called.

    Attributes
    ----------
    key, group : str
        Name of the layer, and of the PDF layer it stands under.
    zh, en : str
        Words of the legend.
    layer : str
        District layer the features come from, "" for marks the atlas makes itself.
    where : mapping of str to tuple of str
        Column values that belong to the theme; "" stands for a value never surveyed.
    scope : {"estate", "around", "all"}
        Features of the sheet's estate, all others, or both.
    shape : {"area", "line", "disc", "symbol"}
        How features are drawn.
    ink : Ink
        Lines and areas.
    symbol, mark, code : str
        Symbol's name, the letter in it, the code printed along a line.
    size : float
        Of the symbol [mm].
    measure_column : str
        Column with the true width of a line or radius of a disc [m], "" if none.
    sensitive : bool
        Never shown to the public.
    palette : str
        Kind of pipe whose print colour the rulebook gives.
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
    palette: str = ""

    def label(self, language: str) -> str:
        """Return the words of the legend in `language`."""
        return self.zh if language == "zh" else self.en

    @property
    def path(self) -> tuple[str, ...]:
        """The PDF layer: map, group, theme; a theme may be a group of its own."""
        return ("map", self.key) if self.group == self.key else ("map", self.group, self.key)

    def rows(self, frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        """Return which rows of `frame` the theme is about, of any estate."""
        wanted = np.ones(len(frame), dtype=bool)
        for column, values in self.where.items():
            unknown = frame[column].isna().to_numpy()
            known = frame[column].astype(str).isin([value for value in values if value])
            wanted &= np.where(unknown, "" in values, known.to_numpy())
        return wanted


@dataclass(frozen=True)
class Style:
    """All themes by key, and the names of the groups they stand in."""

    themes: Mapping[str, Theme]
    groups: Mapping[str, tuple[str, str]]

    def layer_names(self, language: str) -> dict[str, str]:
        """Return the name of every PDF layer by its key, in the order of the style file."""
        position = 0 if language == "zh" else 1
        names = {key: labels[position] for key, labels in self.groups.items()}
        return names | {theme.key: theme.label(language) for theme in self.themes.values()}

    def coloured(self, print_rgb: Mapping[str, RGB]) -> "Style":
        """Return the style with the rulebook's print colours on the pipes."""
        themes = {
            key: replace(theme, ink=replace(theme.ink, stroke=print_rgb[theme.palette]))
            if theme.palette in print_rgb
            else theme
            for key, theme in self.themes.items()
        }
        return replace(self, themes=themes)


@lru_cache(maxsize=8)
def load_style(own: Path | None = None) -> Style:
    """
    Read the style; a file of the office's `own` says what shall look otherwise, and only that.

    Raises
    ------
    DataError
        If `own` is no such file.
    """
    style = _read(STYLE)
    if own is None:
        return style
    try:
        changed = _read(own)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataError(
            f"{own.name} is no style file: {error!r}", f"{own.name} 不是样式文件：{error!r}"
        ) from error
    return Style({**style.themes, **changed.themes}, {**style.groups, **changed.groups})


def _read(path: Path) -> Style:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {entry["key"]: _theme(entry) for entry in raw.get("theme", [])}
    groups = {key: (names[0], names[1]) for key, names in raw.get("groups", {}).items()}
    return Style(themes, groups)


def _theme(entry: Mapping[str, Any]) -> Theme:
    code = entry.get("code", "")
    return Theme(
        key=entry["key"],
        group=entry["group"],
        zh=entry["zh"],
        en=entry["en"],
        layer=entry["layer"],
        where={column: tuple(values) for column, values in entry.get("where", {}).items()},
        scope=entry.get("scope", "all"),
        shape=entry["shape"],
        ink=_ink(entry),
        symbol=entry.get("symbol", ""),
        mark=entry.get("mark", ""),
        code=code,
        size=entry.get("size", 3.0),
        measure_column=entry.get("width_column", entry.get("radius_column", "")),
        sensitive=entry.get("sensitive", False),
        palette=entry.get("palette", code),
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


def _rgb(value: list[int] | None) -> RGB | None:
    return (value[0], value[1], value[2]) if value else None
