"""
The single choke point between a district's strings and any script.

folium and branca treat text as templates; browsers treat it as markup. So no string of data ever
enters folium: features carry row numbers only, and all strings travel in one flat JSON list in
which every character that could open a template, a tag or an interpolation is an escape.
"""

import json
from collections.abc import Mapping, Sequence

import pandas as pd

_RISKY = "<>&{}$%`'#/"


def script_json(strings: Sequence[str]) -> str:
    r"""
    Return a flat list of strings as ASCII JSON that is inert in scripts, HTML and templates.

    >>> script_json(["{{ 7*7 }}</script>"])
    '["\\u007b\\u007b 7*7 \\u007d\\u007d\\u003c\\u002fscript\\u003e"]'
    """
    text = json.dumps(list(strings), ensure_ascii=True)
    for character in _RISKY:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def string_table(
    columns: Mapping[str, Mapping[str, pd.Series]],
) -> tuple[list[str], dict[str, dict[str, list[int]]]]:
    """
    Collect the strings of all layers in one table and leave numbers in their place.

    Parameters
    ----------
    columns : mapping of layer to mapping of column to pandas.Series
        Text columns; missing values become "".

    Returns
    -------
    strings : list of str
        Every distinct string once.
    indexes : dict of layer to dict of column to list of int
        For each row its place in `strings`.
    """
    parts = [
        (layer, name, series.fillna("").astype(str))
        for layer, texts in columns.items()
        for name, series in texts.items()
    ]
    if not parts:
        return [], {}
    codes, strings = pd.factorize(pd.concat([series for *_, series in parts], ignore_index=True))
    indexes: dict[str, dict[str, list[int]]] = {layer: {} for layer in columns}
    start = 0
    for layer, name, series in parts:
        indexes[layer][name] = codes[start : start + len(series)].tolist()
        start += len(series)
    return [str(text) for text in strings], indexes
