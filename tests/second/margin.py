"""
Marginal verdicts: a rule is asked again with its limits moved by what its quantities are off.

How far people walk is such a limit. Of what is shared an estate gets most where its own walks are
shorter than they were drawn and those of all others longer, and least the other way round.
"""

from typing import Any

from tests.second.book import Book
from tests.second.logic import FAILING, Row, Verdict
from tests.second.measures import WAYS
from tests.second.on_foot import catchment_m
from tests.second.town import Town

ON_FOOT = ("adequacy", "area", "places", "checklist")
OF_SUFFIX = {"_m": "length", "_m2": "area"}


def is_marginal(town: Town, rule: Row, estate: Row, found: Verdict) -> bool:
    """Return whether the verdict on an estate falls the other way by limits a little off."""
    if found.outcome != "met" and found.outcome not in FAILING:
        return False
    moved = _moved(rule, town.book, stricter=found.outcome == "met")
    if moved == rule:
        return False
    again = WAYS[rule["measure"]["by"]](town, moved, estate).outcome
    return again != "met" if found.outcome == "met" else again not in FAILING


def _moved(rule: Row, book: Book, *, stricter: bool) -> Row:
    """Return the rule with all its limits stricter, or all more lenient."""
    measure = dict(rule["measure"])
    moved = {**rule, "measure": measure}
    if "value" in rule:
        off = _off(book, _quantity(measure), rule["value"], rule.get("unit", ""))
        moved["value"] = rule["value"] + (off if stricter == (rule["op"] == ">=") else -off)
    for name in ("all", "also"):
        if name in measure:
            measure[name] = [_moved_clause(one, book, stricter=stricter) for one in measure[name]]
    if "min_of" in measure:
        quantity = _quantity(measure)
        off = _off(book, quantity, measure["min_of"], {"length": "m", "area": "m2"}.get(quantity))
        measure["min_of"] += off if stricter else -off
    if measure["by"] in ON_FOOT and ("within" in measure or "within_m" in measure):
        limit = catchment_m(book, measure)
        off = _off(book, "walk", limit, "m")
        measure["own_off_m"], measure["others_off_m"] = (-off, off) if stricter else (off, -off)
    if "or_walk" in measure:
        walk = measure["or_walk"]
        off = _off(book, "walk", walk["within_m"], "m")
        far = walk["within_m"] - off if stricter else walk["within_m"] + off
        measure["or_walk"] = {**walk, "within_m": far}
    return moved


def _moved_clause(clause: Any, book: Book, *, stricter: bool) -> Any:
    if isinstance(clause, dict):
        return {"any": [_moved_clause(one, book, stricter=stricter) for one in clause["any"]]}
    names, comparison, limit = clause
    quantity = _of_column(names.split("|")[0])
    if comparison == "==" or not quantity:
        return clause
    off = _off(book, quantity, limit, "m")
    return [names, comparison, limit + (off if stricter == (comparison[0] == ">") else -off)]


def _quantity(measure: Row) -> str:
    """Return what is measured, by the way of measuring or by the column's name."""
    if measure["by"] in ("walk", "coverage", "clear_width"):
        return "walk" if measure["by"] == "walk" else "length"
    if measure.get("spacing"):
        return "spacing"
    if measure["by"] in ("area", "adequacy"):
        return _of_column(measure.get("column") or measure["supply"])
    if measure["by"] == "ratio":
        first = measure["of"] if isinstance(measure["of"], dict) else measure["of"][0]
        return _of_column(first.get("sum", ""))
    return _of_column(measure["columns"][0]) if "columns" in measure else ""


def _of_column(name: str) -> str:
    return next((kind for end, kind in OF_SUFFIX.items() if name.endswith(end)), "")


def _off(book: Book, quantity: str, limit: float, unit: str | None) -> float:
    """Return how far off a value may be at its limit; a rate only by a share of it."""
    if not quantity or limit == 0:
        return 0.0
    accuracy = book.tables["accuracy"][quantity]
    share = accuracy["relative"] * abs(limit)
    return max(share, accuracy["absolute"]) if unit in ("m", "m2") else share
