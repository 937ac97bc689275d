"""The legend of the map: its layers, their switches, and their looks on the screen as JSON."""

import colorsys
from typing import Any

import layers
from layers.district import District
from layers.style import RGB, LayerStyle, Theme, css_colour, layer_styles
from views.map.compiled import drawn_layers, themes_that_occur
from wording import Language, say

_PX_PER_MM = 5.0  # a screen is read from further away than a sheet
_RADIUS_PX_PER_MM = 5.0 / 3.0  # a symbol of 3.6 mm is 12 px wide
_WHITE: RGB = (255, 255, 255)


def map_legend(district: District, language: Language) -> list[dict[str, Any]]:
    """
    Return the layers that the map can draw, from the ground up.

    Returns
    -------
    list of dict
        ``name``; ``label``; ``scale``, the denominator from which it is drawn, None for always;
        ``opens``, whether the map shows it at first; ``divided``, whether its looks depend on its
        values; ``looks``, each with ``occurs``, whether rows have it, ``label``, ``light`` and
        ``dark`` (``stroke`` and ``fill``, "" for none), ``weight`` and ``dash`` [px], ``opacity``
        of the fill, ``radius`` [px] (None but for symbols), ``symbol`` and ``mark``.
    """
    styles = layer_styles()
    return [_layer(styles[name], district, language) for name in drawn_layers(district)]


def _layer(style: LayerStyle, district: District, language: Language) -> dict[str, Any]:
    occurring = themes_that_occur(district, style.layer)
    return {
        "name": style.layer,
        "label": _label(style.layer, district, language),
        "scale": None if style.scale == float("inf") else style.scale,
        "opens": style.opens,
        "divided": any(theme.where for theme in style.themes),
        "looks": [
            look(theme, language) | {"occurs": place in occurring}
            for place, theme in enumerate(style.themes)
        ],
    }


def _label(name: str, district: District, language: Language) -> str:
    label = layers.ALL[name].label(language)
    if name == "towns" and district["towns"]["schematic"].fillna(value=False).any():
        return say("map.schematic", language, layer=label)
    return label


def look(theme: Theme, language: Language) -> dict[str, Any]:
    """Return a theme as it looks on the screen, with its legend in `language`."""
    ink, screen = theme.ink, theme.screen
    is_symbol = theme.shape in ("symbol", "disc")
    stroke = screen.stroke or ink.stroke or (_WHITE if is_symbol else None)
    fill = screen.fill or ink.fill
    dash = screen.dash if screen.dash is not None else [_PX_PER_MM * part for part in ink.dash]
    radius = screen.radius if screen.radius is not None else theme.size * _RADIUS_PX_PER_MM
    weight = screen.weight if screen.weight is not None else max(1.0, ink.width * _PX_PER_MM)
    return {
        "label": theme.label(language),
        "light": {"stroke": css_colour(stroke), "fill": css_colour(fill)},
        "dark": {
            "stroke": css_colour(screen.dark_stroke or on_dark_ground(stroke)),
            "fill": css_colour(screen.dark_fill or on_dark_ground(fill)),
        },
        "weight": weight,
        "dash": list(dash) or None,
        "opacity": screen.opacity,
        "radius": radius if is_symbol else None,
        "symbol": theme.symbol,
        "mark": theme.mark,
    }


def on_dark_ground(colour: RGB | None) -> RGB | None:
    """Return a colour of the same hue and saturation with its lightness turned."""
    if colour is None:
        return None
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
