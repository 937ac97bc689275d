"""Members: rows judged one by one, of which the worst decides."""

import math
from collections.abc import Iterable, Sequence

from tests.second.logic import (
    FAILING,
    NOT_APPLICABLE,
    UNKNOWN,
    Answer,
    Interval,
    Row,
    Verdict,
    by_checks,
    by_threshold,
    either,
    every,
    holds,
    number,
    where,
    worst_of,
)
from tests.second.on_foot import best_in_reach
from tests.second.town import Town

_BEYOND = 1e6  # a further condition weighs more than any excess of a value


def attribute(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the worst of some columns of every member against the rule."""
    measure = rule["measure"]
    chosen = members(town, measure, estate)
    if measure.get("spacing"):
        verdicts = [
            where(applies, by_threshold(rule, _spacing(row, [other for other, _ in chosen])))
            for row, applies in chosen
        ]
        return worst_of(verdicts, otherwise=none_of(town, measure, estate))
    verdicts = []
    for row, applies in chosen:
        verdict = by_threshold(rule, _worst_cell(rule, row))
        also = holds(row, measure.get("also", ()))
        verdicts.append(where(applies, _and_also(verdict, also)))
    return worst_of(verdicts, otherwise=none_of(town, measure, estate))


def checklist(town: Town, rule: Row, estate: Row) -> Verdict:
    """Ask every check of every member; the value is the share that holds where a verdict falls."""
    measure = rule["measure"]
    if "within" in measure:
        return best_in_reach(town, rule, estate, lambda row: _checked(measure, row))
    chosen = members(town, measure, estate)
    verdicts = [where(applies, _checked(measure, row)) for row, applies in chosen]
    worst = worst_of(verdicts, otherwise=none_of(town, measure, estate))
    return shared_value(worst, verdicts)


def shared_value(worst: Verdict, verdicts: Sequence[Verdict]) -> Verdict:
    """Return the worst verdict with the share of checks that hold over all that are judged."""
    if worst.outcome in ("unknown", "not_applicable"):
        return worst
    decided = [verdict.value for verdict in verdicts if not math.isnan(verdict.value)]
    return worst._replace(value=math.fsum(decided) / len(decided))


def age(town: Town, rule: Row, estate: Row) -> Verdict:
    """Ask of every pipe whether it is due; the value is the length of those that are [m]."""
    pipes = [
        row
        for row in town.rows("pipelines", rule["measure"]["kinds"])
        if row["estate"] == estate["estate_id"]
    ]
    due = [_is_due(rule["measure"], row, town) for row in pipes]
    outcome = {True: "short", None: "unknown", False: "met"}[either(due)] if pipes else "unknown"
    metres = math.fsum(
        row["geometry"].length for row, answer in zip(pipes, due, strict=True) if answer
    )
    return UNKNOWN if outcome == "unknown" else Verdict(outcome, metres)


def _is_due(measure: Row, pipe: Row, town: Town) -> Answer:
    always = {material.removesuffix("管") for material in measure["materials_always"]}
    material = pipe["material"]
    if not always:
        is_bad: Answer = False
    else:
        is_bad = None if material is None else material.removesuffix("管") in always
    is_old = None if pipe["year"] is None else town.day.year - pipe["year"] >= measure["age_years"]
    is_hazard = pipe["is_hazard"] if measure.get("age_needs_hazard") else True
    is_crossed = pipe["is_cross_connected"] if measure.get("cross_connected") else False
    return either([is_bad, every([is_old, is_hazard]), is_crossed])


def members(town: Town, measure: Row, estate: Row) -> list[tuple[Row, Answer]]:
    """Return the rows that a rule is, or may be, about, and whether it applies to each."""
    layer = measure["layer"]
    rows = [estate] if layer == "estates" else town.rows(layer, measure.get("kinds", ()))
    found = []
    for row in rows:
        belongs = holds(row, measure.get("where", ()))
        if row["estate"] != estate["estate_id"] or belongs is False:
            continue
        among = _fails(town, measure["among"], row) if "among" in measure else True
        found.append((row, every([belongs, among, holds(row, measure.get("when", ()))])))
    return found


def _fails(town: Town, rule_id: str, row: Row) -> Answer:
    """Return whether a row fails the checklist of another rule."""
    measure = next(rule for rule in town.book.rules if rule["id"] == rule_id)["measure"]
    checks = every(holds(row, [check]) for check in measure["all"])
    failing = None if checks is None else not checks
    return every([holds(row, measure.get("when", ())), failing])


def none_of(town: Town, measure: Row, estate: Row) -> Verdict:
    """Return the verdict on an estate without any member."""
    is_known = town.is_surveyed(measure["layer"], measure.get("kinds", ()), estate)
    return NOT_APPLICABLE if is_known and measure.get("none") == "not_applicable" else UNKNOWN


def _checked(measure: Row, row: Row) -> Verdict:
    return by_checks(
        [holds(row, [check]) for check in measure["all"]], measure.get("fails_as", "short")
    )


def _worst_cell(rule: Row, row: Row) -> Interval:
    cells = [number(row[name]) for name in rule["measure"]["columns"]]
    worst = min if rule["op"] == ">=" else max
    return Interval(worst(cell.low for cell in cells), worst(cell.high for cell in cells))


def _and_also(verdict: Verdict, also: Answer) -> Verdict:
    if also is False:
        if verdict.outcome in FAILING:
            return verdict
        return Verdict("short", verdict.value, _BEYOND + max(verdict.excess, -_BEYOND / 2))
    return UNKNOWN if also is None and verdict.outcome == "met" else verdict


def _spacing(row: Row, others: Iterable[Row]) -> Interval:
    gaps = [row["geometry"].distance(other["geometry"]) for other in others if other is not row]
    return number(min(gaps, default=math.inf))
