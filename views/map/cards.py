"""The card of a feature that was clicked: what its row says, in words."""

from typing import Any

import pandas as pd

from layers.candidate_sites import kinds_named
from layers.column import Column
from layers.district import District
from layers.facilities import KINDS
from views.map.assets import row_named
from views.map.compiled import drawn_layers, drawn_rows
from wording import Language, say


def feature_card(district: District, name: str, language: Language) -> dict[str, Any] | None:
    """
    Return what a row of a layer says.

    Parameters
    ----------
    district : District
        Whose row.
    name : str
        Layer and row as the map numbers them, e.g. ``"pipelines.12"``; from a browser.
    language : {"zh", "en"}
        Of labels and codes.

    Returns
    -------
    dict or None
        ``title``, the layer's label; ``name``, the feature's own name, else its key; ``facts``,
        label and text of every column that is known. None where there is no such row.
    """
    layer, _, digits = name.partition(".")
    if layer not in drawn_layers(district):
        return None
    frame, spec = drawn_rows(district, layer), district.spec(layer)
    row = row_named(digits, len(frame))
    if row is None:
        return None
    values = frame.iloc[row]
    own = values.get("name")
    estates = dict(zip(*(district["estates"][c] for c in ("estate_id", "name")), strict=True))
    return {
        "title": spec.label(language),
        "name": str(values[spec.key] if pd.isna(own) else own),
        "facts": [
            [column.label(language), _text(column, values[column.name], estates, language)]
            for column in spec.columns
            if column.name != "name" and pd.notna(values[column.name])
        ],
    }


def _text(column: Column, value: object, estates: dict[str, str], language: Language) -> str:
    """Return a known value as people read it: codes and estates by name, numbers with the unit."""
    if column.dtype == "bool":
        return say("data.yes" if value else "data.no", language)
    if column.codes and value in column.codes:
        return column.codes[str(value)][language]
    if column.name == "kinds":
        named = kinds_named(value).items()
        parting = "、" if language == "zh" else ", "
        return parting.join(KINDS[code][language] if code else word for word, code in named)
    if column.refers_to == "estates":
        return estates.get(str(value), str(value))
    if column.dtype == "float" or (column.dtype == "int" and not column.is_year):
        return f"{value:,.10g} {column.unit_in(language)}".strip()
    return str(value)
