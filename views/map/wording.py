"""Every text of the map in one dictionary, in the user's language; the browser shows it as text."""

from typing import Any

import layers
from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.findings import GAP_KINDS, OUTCOME_LABELS, Outcome
from layers.parking import KINDS as PARKING_KINDS
from layers.pipelines import KINDS as PIPE_KINDS
from views.map.compiled import DRAWN
from views.map.state import SYMBOLS
from views.text import Words
from views.wording import BAND_LABELS

_SOURCES = 2


def map_words(district: District, words: Words) -> dict[str, Any]:
    """Return the texts of map, legend and town buttons."""
    return {
        "map": words("Map of estates and gaps"),
        "legend": words("Legend"),
        "all": words("All"),
        "failed": words("The map could not be loaded."),
        "severity": words("Worst severity"),
        "count": words("Number of gaps"),
        "degrees": [words.pick(OUTCOME_LABELS[o]) for o in (Outcome.SHORT, Outcome.MISSING)],
        "bands": [words.pick(label) for label in BAND_LABELS.values()],
        "unknown": words("no data"),
        "kinds": [words.pick(GAP_KINDS[kind]) for kind in SYMBOLS],
        "kindNames": {
            code: words.pick(label) for code, label in {**FACILITY_KINDS, **PARKING_KINDS}.items()
        },
        "pipes": {
            code: words.pick(PIPE_KINDS[code]) for code in district["pipelines"]["kind"].unique()
        },
        "layers": {name: _layer(name, district, words) for name in DRAWN},
        "foot": _foot(district, words),
    }


def _layer(name: str, district: District, words: Words) -> str:
    if name == "infill":
        return words("Other buildings")
    label = layers.ALL[DRAWN[name][0]].label(words.language)
    if name == "towns" and district["towns"]["schematic"].fillna(value=False).any():
        return words("{layer} (schematic)", layer=label)
    return label


def _foot(district: District, words: Words) -> list[str]:
    notes = []
    if district.is_synthetic:
        notes.append(words("Demonstration data · not a survey"))
    notes += [str(text) for text in district["walkways"]["source"].unique()[:_SOURCES]]
    notes.append(words("Internal working paper; boundaries are no proof of title"))
    notes.append("Leaflet")
    return notes
