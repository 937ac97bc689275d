"""Every text of the map in one dictionary, in the user's language; the browser shows it as text."""

from typing import Any

import layers
from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.findings import GAP_KINDS, OUTCOME_LABELS, Outcome
from layers.style import layer_styles
from services.remedies import REMEDIES
from wording import Language, in_language, say, say_parts

_SOURCES = 2
_TOOLS = {
    "bar": "tools",
    "distance": "distance",
    "area": "area",
    "hint": "sketch_hint",
    "keys": "sketch_keys",
    "plane": "plane",
    "crosses": "crosses",
    "back": "last_place",
    "finish": "finish",
    "quit": "quit_tool",
    "working": "working",
    "remedy": "try_remedy",
    "undo": "undo",
    "redo": "redo",
}
_SIZES = {"floor_area_m2": "floor_area", "capacity": "capacity"}


def map_texts(district: District, language: Language) -> dict[str, Any]:
    """Return the texts of map, legend and town buttons."""
    return {
        "map": say("map.title", language),
        "legend": say("map.legend", language),
        "more": say("map.more_layers", language),
        "whole": say("map.whole", language),
        "zoom_to": say("map.zoom_to", language),
        "failed": say("map.failed", language),
        "show": say("map.show", language),
        "kinds": {"": say("map.all_kinds", language), **in_language(GAP_KINDS, language)},
        "list": say("map.list", language),
        "list_heads": say_parts("map.list_heads", language),
        "count": say("map.number_gaps", language),
        "degrees": [OUTCOME_LABELS[o][language] for o in (Outcome.SHORT, Outcome.MISSING)],
        "codes": {name: _kinds(name, language) for name, s in layer_styles().items() if s.hovers},
        "coordinates": say("map.coordinates", language),
        "go_to": say("map.go_to", language),
        "copy_link": say("map.copy_link", language),
        "full_screen": say("map.full_screen", language),
        "tools": {name: say(f"map.{key}", language) for name, key in _TOOLS.items()},
        "sizes": {name: say(f"scenario.{key}", language) for name, key in _SIZES.items()},
        "remedies": {name: _remedy(name, language) for name in REMEDIES},
        "facilities": {
            kind: say("scenario.new_facility", language, kind=label[language])
            for kind, label in FACILITY_KINDS.items()
        },
        "foot": _foot(district, language),
    }


def _remedy(name: str, language: Language) -> dict[str, Any]:
    remedy = REMEDIES[name]
    return {
        "label": say(f"scenario.do_{name}", language),
        "hint": say(f"scenario.how_{name}", language),
        "least": remedy.least,
        "most": remedy.most,
    }


def _kinds(layer: str, language: Language) -> dict[str, str]:
    """Return the labels of the kinds that a layer's tooltip names."""
    kinds = (c.codes or {} for c in layers.ALL[layer].columns if c.name == "kind")
    return {code: label[language] for codes in kinds for code, label in codes.items()}


def _foot(district: District, language: Language) -> list[str]:
    notes = []
    if district.is_synthetic:
        notes.append(say("common.demonstration", language))
    notes += [str(text) for text in district["walkways"]["source"].unique()[:_SOURCES]]
    notes.append(say("map.internal", language))
    notes.append("Leaflet")
    return notes
