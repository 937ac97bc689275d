"""
The dossier of an estate: what is known of it, its findings, and why each says so.

Plain JSON in the user's language, made on the server, shown by the browser as text. The page and
the standalone map print the same dossiers.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from layers.district import District
from layers.findings import (
    CLASSES,
    COLUMNS,
    FAILING,
    NEVER_GAPS,
    OTHER_STATEMENTS,
    OUTCOME_LABELS,
    OUTDATED,
    STATEMENT_LABELS,
    STRENGTH_LABELS,
    VERIFIED_LABELS,
    Outcome,
    Statement,
    cited,
    fails_as,
    fails_marginally,
    named_column,
)
from layers.spec import Column
from rules.book import Book
from rules.degree import degree_text
from rules.summary import count_text
from services.remedies import remedies_for
from views import figures
from views.map.evidence import finding_evidence
from wording import Language, listing, numbered, say

_FACTS = ("built_year", "households", "persons", "elders", "floor_area_m2")
_READ = [
    column.name for column in COLUMNS if not column.name.endswith("_id") or column.name == "rule_id"
]
_GROUPS: dict[str, tuple[Outcome, ...]] = {
    "unknown": (Outcome.UNKNOWN,),
    "met": (Outcome.MET,),
    "rest": (Outcome.NOT_APPLICABLE, Outcome.WAIVED),
}
_GROUP_OF = {str(outcome): key for key, several in _GROUPS.items() for outcome in several}
_GAPS = "gaps"
_REPEATED = "repeated"  # fails or lacks data too, but another rule of its family leads


def dossier(
    district: District, book: Book, findings: gpd.GeoDataFrame, row: int, language: Language
) -> dict[str, Any]:
    """
    Return everything the panel says of one estate.

    Parameters
    ----------
    district : District
        The district of the estate.
    book : Book
        Who supplies what.
    findings : geopandas.GeoDataFrame
        Findings of the estate that pass the filters, a full table in a CRS of metres.
    row : int
        The estate's row in `district["estates"]`.
    language : {"zh", "en"}
        The user's language.

    Returns
    -------
    dict
        ``name``; ``counts``, how many are marginal by group that has such; ``facts``, texts;
        ``findings``, by class and the worst first, each with ``rule``, ``group`` (of
        `dossier_texts`), ``class``, ``outcome``, ``said``, ``metric``, ``figures``, ``reason``,
        ``marks`` (tone and text), ``details`` (label and text), ``evidence`` (of
        `views.map.evidence`) and ``remedies`` (name and kind of facility, of `services.remedies`).
    """
    estate = district["estates"].iloc[row]
    rank = findings["item_class"].map({name: place for place, name in enumerate(CLASSES)})
    severity = findings["severity"].fillna(-1).to_numpy(dtype=float)
    listed = findings.iloc[np.lexsort((-severity, rank.to_numpy()))]
    drawn = finding_evidence(listed, language)
    groups = _groups(listed)
    return {
        "name": str(estate["name"]),
        "counts": _counts(listed, language),
        "facts": list(_facts(district, book, estate, language)),
        "findings": [
            _finding(finding, group, evidence, language) | {"remedies": _remedies(finding, book)}
            for finding, group, evidence in zip(
                pd.DataFrame(listed[_READ]).to_dict("records"), groups, drawn, strict=True
            )
        ],
    }


def _counts(findings: pd.DataFrame, language: Language) -> dict[str, str]:
    """Return how many fail as each kind of statement of which some are marginal."""
    counts = {}
    for kind in NEVER_GAPS:
        failing, near = fails_as(findings, kind).sum(), fails_marginally(findings, kind).sum()
        if near:
            counts[str(kind)] = count_text(int(failing), int(near), language)
    return counts


def dossier_texts(language: Language) -> dict[str, Any]:
    """Return the texts around every dossier: groups and classes in their order."""
    return {
        "groups": {
            _GAPS: say("gaps.gaps", language),
            **{str(kind): STATEMENT_LABELS[kind][language] for kind in OTHER_STATEMENTS},
            _REPEATED: say("gaps.repeated", language),
            "unknown": OUTCOME_LABELS[Outcome.UNKNOWN][language],
            "met": OUTCOME_LABELS[Outcome.MET][language],
            "rest": OUTCOME_LABELS[Outcome.NOT_APPLICABLE][language],
        },
        "classes": {name: label[language] for name, label in CLASSES.items()},
        "findings": say("gaps.findings", language),
        "none": say("gaps.none_here", language),
        "why": say("gaps.why_flagged", language),
        "hint": say("gaps.choose_estate_hint", language),
        "close": say("gaps.close", language),
        "lost": say("gaps.not_loaded", language),
        "remedy": say("gaps.try_remedy", language),
    }


def _facts(district: District, book: Book, estate: pd.Series, language: Language) -> Iterator[str]:
    """Yield the surveyed facts of an estate; the missing ones, and who must supply them."""
    towns = district["towns"]
    own_town = towns.loc[towns["town_id"] == estate["town_id"], "name"].astype(str).tolist()
    town = own_town[0] if own_town else None
    shown = book.town(town)
    if shown is not None:
        yield shown[language]
    buildings = district["buildings"]
    own = buildings[buildings["estate_id"] == estate["estate_id"]]
    if len(own):
        storeys = own["storeys"].dropna()
        lowest_highest = sorted({storeys.min(), storeys.max()}) if len(storeys) else []
        high = (
            [f"{'–'.join(map(str, lowest_highest))} {say('gaps.storeys', language)}"]
            if len(storeys)
            else []
        )
        yield " · ".join([f"{len(own)} {say('common.of_buildings', language)}", *high])
    spec = layers.ALL["estates"]
    absent = []
    for column in (spec.column(name) for name in _FACTS):
        value = estate[column.name]
        if pd.isna(value):
            absent.append(column)
            continue
        figure = f"{value:.0f}" if column.name == "built_year" else f"{value:,.0f}"
        yield f"{column.label(language)} {figure} {column.unit_in(language)}".strip()
    if absent:
        yield say(
            "gaps.lacks_data",
            language,
            what=listing((column.label(language) for column in absent), language),
            who=_holders(book, absent, town, language),
        )


def _holders(book: Book, absent: Sequence[Column], town: str | None, language: Language) -> str:
    """Return who holds columns of the estates layer."""
    if "estates" not in book.supply:
        return say("gaps.the_district", language)
    holders = (book.supply["estates"].holder(column.name) for column in absent)
    bodies = dict.fromkeys(book.body(one, town)[language] for one in holders)
    return listing(bodies, language)


def _groups(findings: pd.DataFrame) -> list[str]:
    """Return the heading under which each finding is listed."""
    outcome = findings["outcome"]
    group = findings["statement"].replace({str(Statement.GAP): _GAPS})
    group = group.where(outcome.isin(FAILING), outcome.map(_GROUP_OF))
    repeated = outcome.isin((*FAILING, Outcome.UNKNOWN)) & ~findings["leads"]
    return group.mask(repeated, _REPEATED).astype(str).tolist()


def _finding(
    finding: dict[Any, Any], group: str, evidence: dict[str, Any], language: Language
) -> dict[str, Any]:
    tongue = language
    return {
        "rule": finding["rule_id"],
        "group": group,
        "class": finding["item_class"],
        "outcome": str(finding["outcome"]),
        "said": degree_text(finding["degree"], language, is_marginal=bool(finding["is_marginal"])),
        "metric": finding[f"metric_{tongue}"],
        "figures": figures.comparison(finding, language),
        "reason": finding[f"reason_{tongue}"],
        "marks": list(_marks(finding, language)),
        "details": [
            [label, str(text)] for label, text in _details(finding, language) if _said(text)
        ],
        "evidence": evidence,
    }


def _remedies(finding: dict[Any, Any], book: Book) -> list[tuple[str, str]]:
    """Return what can be tried on the map against a finding that fails."""
    return remedies_for(finding["rule_id"], book) if finding["outcome"] in FAILING else []


def _marks(finding: dict[Any, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield strength, statement, 待核, 数据过期 and safety of a finding, each with its tone."""
    yield "strength", STRENGTH_LABELS[finding["strength"]][language]
    if finding["statement"] != Statement.GAP:
        yield "bearing", STATEMENT_LABELS[finding["statement"]][language]
    if finding["verified"] == "recall":
        yield "recall", VERIFIED_LABELS["recall"][language]
    if finding["is_outdated"]:
        yield "recall", OUTDATED[language]
    if finding["safety"]:
        yield "safety", say("gaps.safety", language)


def _details(finding: dict[Any, Any], language: Language) -> Iterator[tuple[str, Any]]:
    """Yield everything behind a finding, a label and its text each; the text may be missing."""
    tongue = language
    yield say("common.item", language), finding[f"item_{tongue}"]
    yield say("gaps.measured", language), figures.comparison(finding, language)
    yield say("common.clause", language), cited(finding["source_title"], finding["clause"])
    yield say("common.rule", language), finding["rule_id"]
    yield say("common.responsible", language), finding[named_column("department", language)]
    yield say("gaps.assisting", language), finding[named_column("assisting", language)]
    name = finding["witness_name"]
    yield say("gaps.decided_by", language), name if pd.isna(name) else numbered(name, tongue)
    if pd.notna(finding["members"]) and pd.notna(finding["failing_members"]):
        yield (
            say("gaps.failing", language),
            f"{finding['failing_members']:.0f} / {finding['members']:.0f}",
        )
    if pd.notna(finding["exposed_households"]):
        yield say("gaps.households_touched", language), f"{finding['exposed_households']:,.0f}"
    yield say("gaps.data_lacking", language), finding[f"lacking_{tongue}"]
    yield say("gaps.supplied_by", language), finding[named_column("supplier", language)]
    yield say("gaps.data_date", language), finding["data_date"]
    yield say("common.assessed_as_of", language), finding["as_of"]


def _said(text: object) -> bool:
    return text is not None and text is not pd.NA and text == text and text != ""  # noqa: PLR0124
