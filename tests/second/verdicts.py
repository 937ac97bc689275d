"""Every estate held against every rule in force on a day."""

import pandas as pd

from tests.second.logic import FAILING, NOT_APPLICABLE, UNKNOWN, Row, Verdict
from tests.second.margin import is_marginal
from tests.second.measures import WAYS
from tests.second.statements import is_new, leader, statement
from tests.second.town import Town

COLUMNS = [
    "estate_id",
    "rule_id",
    "outcome",
    "value",
    "is_marginal",
    "statement",
    "leads",
    "is_gap",
]


def verdicts(town: Town) -> pd.DataFrame:
    """Return one row for every estate and rule, with `COLUMNS`."""
    rows = [row for estate in town.estates for row in _of_estate(town, estate)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_estate(town: Town, estate: Row) -> list[tuple[object, ...]]:
    rules = town.book.in_force(town.day)
    found = {rule["id"]: _verdict(town, rule, estate) for rule in rules}
    near = {rule["id"]: is_marginal(town, rule, estate, found[rule["id"]]) for rule in rules}
    outcomes = {
        name: "marginal" if near[name] and verdict.outcome in FAILING else verdict.outcome
        for name, verdict in found.items()
    }
    followers = _followers(town, estate, outcomes)
    rows = []
    for rule in rules:
        verdict, leads = found[rule["id"]], rule["id"] not in followers
        kind = statement(town.book, rule, estate, town.day)
        if kind == "gap" and outcomes[rule["id"]] == "marginal":
            kind = "marginal"
        is_gap = leads and kind == "gap" and verdict.outcome in FAILING
        key = estate["estate_id"], rule["id"]
        near_it = near[rule["id"]]
        rows.append((*key, verdict.outcome, verdict.value, near_it, kind, leads, is_gap))
    return rows


def _verdict(town: Town, rule: Row, estate: Row) -> Verdict:
    if rule.get("new_estates_only") and not is_new(town.book, rule, estate):
        return UNKNOWN if estate["built_year"] is None else NOT_APPLICABLE
    return WAYS[rule["measure"]["by"]](town, rule, estate)


def _followers(town: Town, estate: Row, outcomes: dict[str, str]) -> set[str]:
    """Return the rules that another of their family decides for."""
    followers = set()
    for family, facts in town.book.tables["family"].items():
        judged = set(facts["rules"]) & set(outcomes)
        if judged:
            followers |= judged - {leader(town.book, family, estate, outcomes, town.day)}
    return followers
