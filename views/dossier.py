"""
The dossier of an estate: what is known of it, its findings, and why each says so.

Plain JSON in the user's language, made on the server, shown by the browser as text. The page and
the map that stands alone print the same dossiers.
"""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from layers.district import District
from layers.findings import (
    BEARING_LABELS,
    CLASSES,
    COLUMNS,
    FAILING,
    OUTCOME_LABELS,
    STRENGTH_LABELS,
    VERIFIED_LABELS,
    Outcome,
)
from rules.book import Book
from views import wording
from views.map.evidence import finding_evidence
from views.text import Words

_FACTS = ("built_year", "households", "persons", "elders", "floor_area_m2")
_READ = [
    column.name for column in COLUMNS if not column.name.endswith("_id") or column.name == "rule_id"
]
_GROUPS: dict[str, tuple[Outcome, ...]] = {
    "gaps": FAILING,
    "unknown": (Outcome.UNKNOWN,),
    "met": (Outcome.MET,),
    "rest": (Outcome.NOT_APPLICABLE, Outcome.WAIVED),
}
_GROUP_OF = {str(outcome): key for key, several in _GROUPS.items() for outcome in several}


def dossier(
    district: District, book: Book, findings: gpd.GeoDataFrame, row: int, words: Words
) -> dict[str, Any]:
    """
    Return everything the panel says of one estate.

    Parameters
    ----------
    district : District
        Where the estate lies.
    book : Book
        Who supplies what.
    findings : geopandas.GeoDataFrame
        Findings of the estate that pass the filters, a full table in a CRS of metres.
    row : int
        The estate's row in `district["estates"]`.
    words : Words
        The user's language.

    Returns
    -------
    dict
        ``name``; ``facts``, texts; ``findings``, by class and the worst first, each with ``rule``,
        ``group`` (gaps, unknown, met, rest), ``class``, ``outcome``, ``metric``, ``figures``,
        ``reason``, ``marks`` (tone and text), ``details`` (label and text) and ``evidence`` (of
        `views.map.evidence`).
    """
    estate = district["estates"].iloc[row]
    rank = findings["item_class"].map({name: place for place, name in enumerate(CLASSES)})
    severity = findings["severity"].fillna(-1).to_numpy(dtype=float)
    listed = findings.iloc[np.lexsort((-severity, rank.to_numpy()))]
    drawn = finding_evidence(listed, words)
    return {
        "name": str(estate["name"]),
        "facts": list(_facts(district, book, estate, words)),
        "findings": [
            _finding(finding, evidence, words)
            for finding, evidence in zip(
                pd.DataFrame(listed[_READ]).to_dict("records"), drawn, strict=True
            )
        ],
    }


def dossier_words(words: Words) -> dict[str, Any]:
    """Return the texts around every dossier: groups, classes and outcomes in their order."""
    return {
        "groups": {
            "gaps": words("Gaps"),
            "unknown": words.pick(OUTCOME_LABELS[Outcome.UNKNOWN]),
            "met": words.pick(OUTCOME_LABELS[Outcome.MET]),
            "rest": words.pick(OUTCOME_LABELS[Outcome.NOT_APPLICABLE]),
        },
        "classes": {name: words.pick(label) for name, label in CLASSES.items()},
        "outcomes": {str(name): words.pick(label) for name, label in OUTCOME_LABELS.items()},
        "findings": words("Findings"),
        "none": words("None here."),
        "why": words("Why is it flagged?"),
        "hint": words(
            "Choose an estate on the map, in the table or by its name. Its findings appear here; "
            "choose one to see the route that was walked."
        ),
        "most": words("Most gaps"),
        "close": words("Close"),
        "lost": words("This could not be loaded. Please load the page again."),
    }


def _facts(district: District, book: Book, estate: pd.Series, words: Words) -> Iterator[str]:
    """Yield what the survey says of an estate; what it does not say, and who must supply it."""
    towns = district["towns"]
    yield from towns.loc[towns["town_id"] == estate["town_id"], "name"].astype(str)
    buildings = district["buildings"]
    own = buildings[buildings["estate_id"] == estate["estate_id"]]
    if len(own):
        storeys = own["storeys"].dropna()
        lowest_highest = sorted({storeys.min(), storeys.max()}) if len(storeys) else []
        high = [f"{'–'.join(map(str, lowest_highest))} {words('storeys')}"] if len(storeys) else []
        yield " · ".join([f"{len(own)} {words('buildings')}", *high])
    spec = layers.ALL["estates"]
    absent = []
    for column in (spec.column(name) for name in _FACTS):
        value = estate[column.name]
        if pd.isna(value):
            absent.append(column.label(words.language))
            continue
        figure = f"{value:.0f}" if column.name == "built_year" else f"{value:,.0f}"
        unit = column.unit if words.language == "zh" or column.unit.startswith("m") else ""
        yield f"{column.label(words.language)} {figure} {unit}".strip()
    if absent:
        yield words(
            "no data: {what} (from {who})", what="、".join(absent), who=_supplier(book, words)
        )


def _supplier(book: Book, words: Words) -> str:
    body = book.departments.get(book.supply.get("estates", ""))
    if body is None:
        return words("the district")
    return body.name if words.language == "zh" else body.name_en


def _finding(finding: dict[Any, Any], evidence: dict[str, Any], words: Words) -> dict[str, Any]:
    tongue = words.language
    return {
        "rule": finding["rule_id"],
        "group": _GROUP_OF[str(finding["outcome"])],
        "class": finding["item_class"],
        "outcome": str(finding["outcome"]),
        "metric": finding[f"metric_{tongue}"],
        "figures": wording.comparison(finding, words),
        "reason": finding[f"reason_{tongue}"],
        "marks": list(_marks(finding, words)),
        "details": [[label, str(text)] for label, text in _details(finding, words) if _said(text)],
        "evidence": evidence,
    }


def _marks(finding: dict[Any, Any], words: Words) -> Iterator[tuple[str, str]]:
    """Yield strength, bearing, 待核 and safety of a finding's clause, each with its tone."""
    yield "strength", words.pick(STRENGTH_LABELS[finding["strength"]])
    if finding["bearing"] == "reference_only":
        yield "bearing", words.pick(BEARING_LABELS["reference_only"])
    if finding["verified"] == "recall":
        yield "recall", words.pick(VERIFIED_LABELS["recall"])
    if finding["safety"]:
        yield "safety", words("safety")


def _details(finding: dict[Any, Any], words: Words) -> Iterator[tuple[str, Any]]:
    """Yield everything behind a finding, a label and its text each; the text may be missing."""
    tongue = words.language
    yield words("Item"), finding[f"item_{tongue}"]
    yield words("Measured"), wording.comparison(finding, words)
    yield words("Clause"), f"{finding['source_title']} {finding['clause']}"
    yield words("Rule"), finding["rule_id"]
    yield words("Responsible"), finding["department"]
    yield words("Decided by"), finding["witness_name"]
    if pd.notna(finding["members"]) and pd.notna(finding["failing_members"]):
        yield words("Failing"), f"{finding['failing_members']:.0f} / {finding['members']:.0f}"
    if pd.notna(finding["exposed_households"]):
        yield words("Households touched"), f"{finding['exposed_households']:,.0f}"
    yield words("Data lacking"), finding[f"lacking_{tongue}"]
    yield words("To be supplied by"), finding["supplier"]
    yield words("Assessed as of"), finding["as_of"]


def _said(text: object) -> bool:
    return text is not None and text is not pd.NA and text == text and text != ""  # noqa: PLR0124
