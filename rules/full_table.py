"""
Full table: the findings with everything that the book and the district say of them.

What a rule says is joined by its id, names by the keys of estates and witnesses, and every finding
is put into words in both languages. Files and the booklet print this one table.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from geo.arrays import BoolArray, ObjectArray
from layers.district import District
from layers.findings import named_column, tidy_findings
from rules.bodies import responsible
from rules.criterion import Criterion, Legs, deciding, has_legs, own
from rules.degree import degree
from rules.findings import keys_of
from rules.gates import Gates
from rules.lacking import in_words
from rules.model import Book, Rule
from rules.reasons import reason
from rules.rows import Rows, names_of
from rules.voice import Finding, Voice
from wording import LANGUAGES, Language, listing

_LEGS = tuple(field.name for field in fields(Legs))
_COMPARED = ("value", "unit", "op", "threshold", "missing_beyond", "metric_zh", "metric_en")
_SAID = tuple(field.name for field in fields(Finding) if field.name != "witness")


def full_table(
    findings: gpd.GeoDataFrame,
    district: District,
    book: Book,
    languages: Sequence[Language] = LANGUAGES,
) -> gpd.GeoDataFrame:
    """
    Return findings with the facts of their rules, with names and with sentences.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        As `rules.evaluate.evaluate` returned them, all or a selection.
    district : District
        The district that was evaluated.
    book : Book
        The rulebook that it was held against.
    languages : sequence of {"zh", "en"}, default all
        Of the sentences and of what is lacking; those of the others are missing (NA).

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `layers.findings.COLUMNS` and `geometry`, rows as in `findings`. Value, threshold
        and unit are those of the leg of the rule that decided (`rules.criterion`).
    """
    keys = {name: findings[name].astype(object) for name in ("estate_id", "rule_id")}
    facts = _facts(findings, district, book) | {"value": findings["value"]}
    decided = dict(decided_by_legs(findings, book))
    wide = pd.DataFrame(findings).assign(
        **keys,
        finding_id=keys["estate_id"] + ":" + keys["rule_id"],
        degree=degrees(findings, book, decided),
        **_show_what_decided(facts, decided),
    )
    told = pd.DataFrame(findings).assign(
        town=facts["town"].astype("category"),
        by_unknown_gate=_by_unknown_gates(findings, district, book),
    )
    names = witness_names(told, district, {"zh", *languages})
    wide["witness_name"] = names["zh"]
    for language in LANGUAGES:
        wide[named_column("supplier", language)] = _suppliers(told, book, language)
    for language in languages:
        words = _words(told, book, names[language], language)
        wide[f"reason_{language}"], wide[f"lacking_{language}"] = words
    return tidy_findings(wide, district)


def rule_facts(rule: Rule, book: Book, as_of: date) -> dict[str, object]:
    """
    Return what the book says of a rule on a day to all estates, by columns of the full table.

    Parameters
    ----------
    rule : Rule
        Any rule of `book`.
    book : Book
        Items, sources and bodies.
    as_of : date
        Day of the assessment: the strength of a clause may have ended.
    """
    item, source = book.items[rule.item], book.sources[rule.source]
    confirmed = rule.override == "required" and not rule.is_placeholder
    return {
        "item_id": item.id,
        "item_zh": item.zh,
        "item_en": item.en,
        "item_class": item.item_class,
        "gap_kind": item.gap,
        "metric_zh": rule.metric_zh,
        "metric_en": rule.metric_en,
        "unit": rule.unit,
        "op": rule.comparison,
        "threshold": rule.threshold,
        "missing_beyond": rule.missing_beyond,
        "safety": rule.safety,
        "source_id": rule.source,
        "source_title": source.title,
        "clause": rule.clause,
        "strength": rule.strength_on(as_of),
        "bearing": rule.bearing,
        "verified": rule.verified,
        "override": "reason" if confirmed else rule.override,
        "department_ids": "、".join(item.departments),
    }


def joined(
    findings: gpd.GeoDataFrame, district: District, book: Book, names: Sequence[str]
) -> gpd.GeoDataFrame:
    """
    Return findings with some facts of their estates and rules as further columns.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        As `rules.evaluate.evaluate` returned them, all or a selection.
    district : District
        The district that was evaluated.
    book : Book
        The rulebook that it was held against.
    names : sequence of str
        Columns of the full table: ``estate``, ``town``, or of `rule_facts`.
    """
    facts = _facts(findings, district, book)
    return findings.assign(**{name: facts[name] for name in names})


def _facts(findings: pd.DataFrame, district: District, book: Book) -> dict[str, pd.Series]:
    """Return what book and district say of every finding."""
    facts = _estate_facts(findings, district, book) | _rule_facts(findings, book)
    return facts | _bodies(findings, facts["town"], book)


def _rule_facts(findings: pd.DataFrame, book: Book) -> dict[str, pd.Series]:
    """Return the facts of the rule of every finding."""
    rules, days = findings["rule_id"].cat, findings["as_of"].cat.categories
    as_of = date.fromisoformat(days[0]) if len(days) else date.min
    facts = pd.DataFrame([rule_facts(book.by_id[rule], book, as_of) for rule in rules.categories])
    return _spread(facts, rules.codes, findings.index)


def _bodies(findings: pd.DataFrame, town: pd.Series, book: Book) -> dict[str, pd.Series]:
    """Return who leads and who assists: of a body that every town has, the estate's own."""
    rules = findings["rule_id"].cat
    towns = pd.Categorical(town)
    # Codes are stored in as few bits as hold them: their product needs more.
    pairs = rules.codes.to_numpy().astype(np.int64) * (len(towns.categories) + 1) + towns.codes
    number, found = pd.factorize(pairs)
    bodies = []
    for pair in found.tolist():
        rule, place = divmod(pair + 1, len(towns.categories) + 1)
        item = book.items[book.by_id[rules.categories[rule]].item]
        own = book.town(towns.categories[place - 1]) if place else None
        bodies.append(responsible(item, book.departments, own))
    shown: dict[str, pd.Series] = {}
    for language in LANGUAGES:
        lead = [body.lead[language] for body in bodies]
        others = [
            listing((other[language] for other in body.assisting), language) for body in bodies
        ]
        for name, texts in (("department", lead), ("assisting", others)):
            column = np.array(texts, dtype=object)[number]
            shown[named_column(name, language)] = pd.Series(column, index=findings.index)
    return shown


def _estate_facts(findings: pd.DataFrame, district: District, book: Book) -> dict[str, pd.Series]:
    """Return the names of the estate and the town of every finding."""
    estates = district["estates"].set_index("estate_id")
    towns = district["towns"].set_index("town_id")["name"]
    keys = findings["estate_id"].cat
    own = estates.loc[keys.categories]
    town = own["town_id"].map(towns)
    english = town.map(lambda name: book.called(name, "en"), na_action="ignore")
    facts = pd.DataFrame({"estate": own["name"], "town": town, "town_en": english})
    return _spread(facts, keys.codes, findings.index)


def _spread(facts: pd.DataFrame, codes: pd.Series, index: pd.Index) -> dict[str, pd.Series]:
    """Return one row of `facts` for each code."""
    rows = facts.take(codes.to_numpy()).set_axis(index)
    return {str(name): rows[name] for name in rows}


def witness_names(
    findings: pd.DataFrame, district: District, languages: Collection[Language] = LANGUAGES
) -> dict[Language, ObjectArray]:
    """
    Return what people call the feature that decided each finding, by language.

    Parameters
    ----------
    findings : pandas.DataFrame, n rows
        With `witness_layer` and `witness_id`.
    district : District
        The district that was evaluated.
    languages : collection of {"zh", "en"}, default all
        Asked for.

    Returns
    -------
    dict of {"zh", "en"} to ndarray of object, shape (n,)
        None where no feature decided; the kind and the key of one without a name. A stair unit is
        named after its building too: every building may have a unit 1.
    """
    names = {language: np.full(len(findings), None, dtype=object) for language in languages}
    found = findings["witness_layer"].cat
    for layer in found.categories[np.unique(found.codes[found.codes >= 0])]:
        here = (findings["witness_layer"] == layer).to_numpy()
        ids = findings["witness_id"].array[here].astype(object)
        rows, key = district[layer], layers.ALL[layer].key
        own = rows[rows[key].isin(set(ids))]
        places = pd.Index(own[key]).get_indexer(ids)
        for language in languages:
            # A finding of an id that the district lacks has no name: the last place says so.
            called = np.array([*_called(layer, own, district, language), None], dtype=object)
            names[language][here] = called[places]
    return names


def _called(
    layer: str, rows: gpd.GeoDataFrame, district: District, language: Language
) -> ObjectArray:
    """Return what people call rows of a layer; stair units with the building they belong to."""
    names = names_of(layer, rows, language)
    if layer != "units":
        return names
    buildings = district["buildings"]
    own = buildings[buildings["building_id"].isin(rows["building_id"])]
    named = pd.Series(names_of("buildings", own, language), index=own["building_id"], dtype=object)
    return (rows["building_id"].map(named) + " " + names).to_numpy(dtype=object)


def _by_unknown_gates(findings: gpd.GeoDataFrame, district: District, book: Book) -> BoolArray:
    """Return the findings whose walk passes a gate that was taken for open, shape (n,)."""
    by_gate = np.zeros(len(findings), dtype=bool)
    estates, entrances = district["estates"], district["entrances"]
    unknown = entrances[entrances["state"].isna()]
    walks = findings["origin_layer"].notna() & (findings.geometry.geom_type == "LineString")
    if unknown.empty or not walks.any():
        return by_gate
    owner = pd.Index(estates["estate_id"]).get_indexer(unknown["estate_id"])
    outlines = np.asarray(estates.geometry.array, dtype=object)
    rows = Rows("entrances", unknown, owner.astype(np.int64), outlines)
    gates = Gates.of(rows, book.walking.gate_m)
    by_gate[walks] = gates.are_passed_by(np.asarray(findings.geometry[walks].array, dtype=object))
    return by_gate


def _show_what_decided(
    wide: dict[str, pd.Series], decided: Mapping[int, Criterion]
) -> dict[str, pd.Series]:
    """Return columns with value, threshold, unit and metric of the leg that decided, if another."""
    if not decided:
        return wide
    rows = list(decided)
    shown = {name: wide[name].to_numpy(dtype=object, copy=True) for name in _COMPARED}
    cells = map(_compared, decided.values())
    for name, values in zip(_COMPARED, zip(*cells, strict=True), strict=True):
        shown[name][rows] = values
    index = wide["value"].index
    return wide | {name: pd.Series(cells, index=index) for name, cells in shown.items()}


def degrees(findings: pd.DataFrame, book: Book, decided: Mapping[int, Criterion]) -> pd.Series:
    """
    Return in a word how every finding compares with what is required (`rules.degree`).

    Parameters
    ----------
    findings : pandas.DataFrame, n rows
        As `rules.evaluate.evaluate` returned them, all or a selection.
    book : Book
        The rulebook that they were held against.
    decided : mapping of int to Criterion
        By position, what `decided_by_legs` yields of them.

    Returns
    -------
    pandas.Series of `layers.findings.Degree`, shape (n,)
        Index of `findings`.
    """
    rules, outcomes = findings["rule_id"].cat, findings["outcome"].cat
    reached = np.isfinite(findings["value"].to_numpy(dtype=np.float64))
    words = np.empty((len(rules.categories), len(outcomes.categories), 2), dtype=object)
    for row, rule in enumerate(book.by_id[name] for name in rules.categories):
        for column, outcome in enumerate(outcomes.categories):
            # Of a value all that matters is whether there is one: a walk may lead nowhere.
            words[row, column] = [degree(rule, outcome, own(rule, m)) for m in (np.nan, 0.0)]
    chosen = words[rules.codes, outcomes.codes, reached.astype(np.int64)]
    for row, found in decided.items():
        rule = book.by_id[rules.categories[rules.codes.iloc[row]]]
        chosen[row] = degree(rule, outcomes.categories[outcomes.codes.iloc[row]], found)
    return pd.Series(chosen, index=findings.index)


def decided_by_legs(findings: pd.DataFrame, book: Book) -> Iterator[tuple[int, Criterion]]:
    """
    Yield the findings that another leg of their rule decided than its own threshold.

    Parameters
    ----------
    findings : pandas.DataFrame
        As `rules.evaluate.evaluate` returned them, all or a selection.
    book : Book
        The rulebook that they were held against.

    Yields
    ------
    row, criterion : int, Criterion
        The position in `findings`, and what decided there.
    """
    rules = findings["rule_id"].cat
    with_legs = [code for code, name in enumerate(rules.categories) if has_legs(book.by_id[name])]
    rows = np.flatnonzero(np.isin(rules.codes, with_legs))
    names = ("rule_id", "outcome", "value", *_LEGS)
    cells = zip(*(_plain(findings[name].iloc[rows]) for name in names), strict=True)
    for row, (rule, outcome, value, *legs) in zip(rows.tolist(), cells, strict=True):
        found = deciding(book.by_id[rule], outcome, value, Legs(*legs))
        if found.leg != "own":
            yield row, found


def _compared(found: Criterion) -> tuple[object, ...]:
    """Return the cells of `_COMPARED`."""
    metric, none = found.metric, np.nan
    return found.value, found.unit, found.comparison, found.limit, none, metric.zh, metric.en


def _words(
    findings: pd.DataFrame, book: Book, names: ObjectArray, language: Language
) -> tuple[ObjectArray, ObjectArray]:
    """Return every finding's sentence, and what it lacks."""
    reasons, lacking = (np.full(len(findings), None, dtype=object) for _ in range(2))
    columns = [_plain(findings[name]) for name in _SAID]
    voice_of = cache(lambda rule: Voice(book.by_id[rule], book, language))
    for row, rule in enumerate(_plain(findings["rule_id"])):
        voice = voice_of(rule)
        finding = Finding(names[row], *(column[row] for column in columns))
        reasons[row] = reason(voice, finding)
        if finding.lacking is not None:
            lacking[row], _ = voice.lacking(finding)
    return reasons, lacking


def _suppliers(findings: pd.DataFrame, book: Book, language: Language) -> ObjectArray:
    """Return who must supply what every finding lacks; None where nothing is."""
    suppliers = np.full(len(findings), None, dtype=object)
    rows = np.flatnonzero(findings["lacking"].notna())
    columns = (_plain(findings[name].iloc[rows]) for name in ("rule_id", "lacking", "town"))

    @cache
    def supplier(rule: str, codes: str, town: str | None) -> str:
        return in_words(codes, book.by_id[rule], book, language, town)[1]

    suppliers[rows] = [supplier(*cells) for cells in zip(*columns, strict=True)]
    return suppliers


def _plain(column: pd.Series) -> list[Any]:
    """Return values as Python objects, None for none of a categorical column."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.tolist()
    return list(keys_of(column))
