"""Every text of the map in one dictionary, in the user's language; the browser shows it as text."""

from typing import Any

import layers
from layers.district import District
from layers.findings import GAP_KINDS, OUTCOME_LABELS, Outcome
from layers.style import layer_styles
from views.map.state import SYMBOLS
from views.text import Words
from views.wording import BAND_LABELS

_SOURCES = 2


def map_words(district: District, words: Words) -> dict[str, Any]:
    """Return the texts of map, legend and town buttons."""
    return {
        "map": words("Map of estates and gaps"),
        "legend": words("Legend"),
        "more": words("More layers"),
        "all": words("All"),
        "failed": words("The map could not be loaded."),
        "severity": words("Worst severity"),
        "count": words("Number of gaps"),
        "degrees": [words.pick(OUTCOME_LABELS[o]) for o in (Outcome.SHORT, Outcome.MISSING)],
        "bands": [words.pick(label) for label in BAND_LABELS.values()],
        "unknown": words("no data"),
        "kinds": [words.pick(GAP_KINDS[kind]) for kind in SYMBOLS],
        "codes": {name: _kinds(name, words) for name, s in layer_styles().items() if s.hovers},
        "foot": _foot(district, words),
    }


def _kinds(layer: str, words: Words) -> dict[str, str]:
    """Return what the kinds of a layer are called that the pointer names."""
    kinds = (c.codes or {} for c in layers.ALL[layer].columns if c.name == "kind")
    return {code: words.pick(label) for codes in kinds for code, label in codes.items()}


def _foot(district: District, words: Words) -> list[str]:
    notes = []
    if district.is_synthetic:
        notes.append(words("Demonstration data · not a survey"))
    notes += [str(text) for text in district["walkways"]["source"].unique()[:_SOURCES]]
    notes.append(words("Internal working paper; boundaries are no proof of title"))
    notes.append("Leaflet")
    return notes
