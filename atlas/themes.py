"""
The booklet's themes: those of the layers, and the marks that only the sheets draw.

Layers look as `layers.style` says, marks as ``style.toml`` here; an office may lay a file of its
own over both.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.errors import DataError
from layers.style import Theme, layer_styles, read_theme, sheet_themes
from wording import Language, Text, in_language

STYLE = Path(__file__).parent / "style.toml"


@dataclass(frozen=True)
class Style:
    """All themes by key, and the names of their groups."""

    themes: Mapping[str, Theme]
    groups: Mapping[str, Text]

    def layer_names(self, language: Language) -> dict[str, str]:
        """Return the name of every PDF layer by its key, groups first."""
        return in_language(self.groups, language) | {
            theme.key: theme.label(language) for theme in self.themes.values()
        }


def keys_of(*parts: str) -> tuple[str, ...]:
    """Return the themes of parts of the sheets (see `layers.style.sheet_themes`), in order."""
    return tuple(theme.key for part in parts for theme in sheet_themes(part))


def load_style(own: Path | None = None, language: Language = "zh") -> Style:
    """
    Return the style of the booklet, with the themes and groups of an office's file `own` in place.

    In English a theme's ``mark_en``, if it has one, is its mark.

    Raises
    ------
    DataError
        If `own` is no valid style file.
    """
    style = _usual(language)
    if own is None:
        return style
    try:
        changed = _read(own, language)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataError(
            f"{own.name} is no style file: {error!r}", f"{own.name} 不是样式文件：{error!r}"
        ) from error
    return Style({**style.themes, **changed.themes}, {**style.groups, **changed.groups})


@lru_cache
def _usual(language: Language) -> Style:
    marks = _read(STYLE, language)
    of_layers = {
        theme.key: theme
        for style in layer_styles().values()
        for theme in style.themes
        if theme.group
    }
    return Style({**of_layers, **marks.themes}, marks.groups)


def _read(path: Path, language: Language) -> Style:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {entry["key"]: _theme(entry, language) for entry in raw.get("theme", [])}
    groups = {key: Text(*names) for key, names in raw.get("groups", {}).items()}
    return Style(themes, groups)


def _theme(entry: dict[str, Any], language: Language) -> Theme:
    theme = read_theme(entry)
    return replace(theme, mark=entry.get("mark_en", theme.mark)) if language == "en" else theme
