"""Amounts: what an estate has of something, and one amount over another."""

import math
from collections.abc import Sequence
from itertools import permutations

from tests.second.logic import (
    ANYTHING,
    NOT_APPLICABLE,
    UNKNOWN,
    Interval,
    Row,
    Verdict,
    by_threshold,
    holds,
    over,
)
from tests.second.on_foot import walks
from tests.second.town import Town

# Every estate has rows of these: one without any was not surveyed.
ALWAYS_THERE = ("units", "buildings", "entrances", "walkways")
KEPT_OFF = (("off_walls_m", "buildings", ()), ("off_roads_m", "paving", ("road",)))


def count(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold how many there are against the rule."""
    return by_threshold(rule, _added(town, rule["measure"]["of"], estate))


def agreement(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the difference of the totals that layers state against the rule."""
    totals = [_stated(town, quantity, estate) for quantity in rule["measure"]["of"]]
    stated = [total for total in totals if total is not None]
    if len(stated) < 2:  # nothing to compare
        return NOT_APPLICABLE
    apart = [
        Interval(max(one.low - other.high, 0.0), one.high - other.low)
        for one, other in permutations(stated, 2)
    ]
    return by_threshold(rule, Interval(max(a.low for a in apart), max(a.high for a in apart)))


def _stated(town: Town, quantity: Row, estate: Row) -> Interval | None:
    """Return what a layer's rows add up to, None where none of them states anything."""
    cells = [
        row[quantity["sum"]]
        for row in town.as_surveyed(quantity["layer"])
        if row["estate"] == estate["estate_id"]
        and holds(row, quantity.get("where", ())) is not False
    ]
    known = [cell for cell in cells if cell is not None]
    low = math.fsum(known)
    return Interval(low, low if len(known) == len(cells) else math.inf) if known else None


def ratio(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold one amount over another against the rule, or a walk that will do instead."""
    measure = rule["measure"]
    of = _added(town, measure["of"], estate)
    per = _added(town, measure["per"], estate)
    verdict = _quotient_verdict(rule, of, per)
    if "or_walk" not in measure or verdict.outcome == "met":
        return verdict
    limit = measure["or_walk"]["within_m"]
    found = walks(town, measure["or_walk"], estate, limit, own=False)
    farthest = (
        Interval(max(w.low for w in found), max(w.high for w in found)) if found else ANYTHING
    )
    if farthest.high <= limit:
        return Verdict("met", _quotient(of, per).low)
    return UNKNOWN if farthest.low <= limit else verdict


def _quotient_verdict(rule: Row, of: Interval, per: Interval) -> Verdict:
    if per.high <= 0 and rule["measure"].get("zero_per", "not_applicable") == "not_applicable":
        return NOT_APPLICABLE
    verdict = by_threshold(rule, _quotient(of, per))
    least = rule["measure"].get("min_of")
    if least is None or verdict.outcome not in ("met", "unknown"):
        return verdict
    if of.high < least and per.low > 0:
        return Verdict("short", verdict.value, math.inf)
    return UNKNOWN if of.low < least else verdict


def _quotient(of: Interval, per: Interval) -> Interval:
    if per.low <= 0 < per.high:
        return ANYTHING
    return Interval(over(of.low, per.high), over(of.high, per.low))


def _added(town: Town, quantities: Row | Sequence[Row], estate: Row) -> Interval:
    several = [quantities] if isinstance(quantities, dict) else quantities
    amounts = [_amount(town, one, estate) for one in several]
    return Interval(math.fsum(a.low for a in amounts), math.fsum(a.high for a in amounts))


def _amount(town: Town, quantity: Row, estate: Row) -> Interval:
    """Return how many rows there are, or what a column of them adds up to."""
    layer, kinds = quantity["layer"], quantity.get("kinds", ())
    rows = [estate] if layer == "estates" else town.rows(layer, kinds)
    rows = [row for row in rows if row["estate"] == estate["estate_id"]]
    is_unsure = any(
        m in quantity and not town.is_surveyed(layer, (), estate) for m, layer, _ in KEPT_OFF
    )
    low = high = 0.0
    for row in rows:
        belongs = holds(row, quantity.get("where", ()))
        if belongs is False:
            continue
        cell = (
            _open_ground(town, quantity, row) if "off_walls_m" in quantity else _cell(quantity, row)
        )
        low += (cell or 0) if belongs and not is_unsure else 0
        high += math.inf if cell is None else cell
    is_open = not town.is_surveyed(layer, kinds, estate) or (layer in ALWAYS_THERE and not rows)
    return Interval(low, math.inf if is_open else high)


def _cell(quantity: Row, row: Row) -> float | None:
    cell: float | None = row[quantity["sum"]] if "sum" in quantity else 1
    return cell


def _open_ground(town: Town, quantity: Row, row: Row) -> float:
    """Return the area of ground that is so far off the walls of buildings and off roads [m2]."""
    ground = row["ground"]
    for name, layer, kinds in KEPT_OFF:
        for other in town.rows(layer, kinds):
            off_m = quantity.get(name, 0.0)
            if off_m and other["geometry"].dwithin(ground, off_m):
                ground = ground.difference(other["geometry"].buffer(off_m))
    return float(ground.area)
