"""The clearance table as text: every pair near enough to matter, codes in words, to 0.1 mm."""

import layers
from clearances.verdict import VERDICT_LABELS
from exports.csv_table import csv_bytes
from exports.findings_table import heading
from greening.check import COLUMNS
from greening.review import Review
from layers.findings import VERIFIED_LABELS
from layers.trees import KINDS
from wording import Language, in_language

_LABELS = {"verdict": VERDICT_LABELS, "kind": KINDS, "verified": VERIFIED_LABELS}
_LAYERS = ("plant_layer", "object_layer")
_DECIMALS = 4  # of a metre: the grid of working coordinates


def clearances_csv(review: Review, language: Language = "zh") -> bytes:
    """
    Return the pairs of a review as CSV, the same bytes for the same review.

    Parameters
    ----------
    review : Review
        What was checked.
    language : {"zh", "en"}, default "zh"
        Of headings and words.
    """
    table = review.found.pairs[[c.name for c in COLUMNS]].round(_DECIMALS)
    for name, labels in _LABELS.items():
        words = in_language(labels, language)
        table[name] = table[name].map(words).fillna(table[name])
    for name in _LAYERS:
        table[name] = table[name].map(lambda layer: layers.ALL[layer].label(language))
    return csv_bytes([heading(column, language) for column in COLUMNS], table)
