"""On foot: walks to places, places in reach, and what places give to all who share them."""

import math
from collections.abc import Callable
from typing import Any

from tests.second.logic import (
    ANYTHING,
    FAILING,
    NONE_THERE,
    UNKNOWN,
    Answer,
    Interval,
    Row,
    Verdict,
    badness,
    by_threshold,
    either,
    every,
    holds,
    number,
    over,
    where,
    worst_of,
)
from tests.second.town import Door, Town


def walk(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the walk from the worst door to the nearest place against the rule."""
    measure = rule["measure"]
    verdicts = [by_threshold(rule, interval) for interval in walks(town, measure, estate)]
    return worst_of(verdicts)


def area(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the largest place in reach against the rule."""
    column = rule["measure"]["column"]
    return best_in_reach(town, rule, estate, lambda row: by_threshold(rule, number(row[column])))


def places(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold how many places are in reach against the rule, each counted as the most that it is."""
    measure = rule["measure"]
    if not _doors(town, estate):
        return UNKNOWN
    worth = [_worth(measure, row) for row, _ in _reached(town, measure, estate)]
    low, high = (math.fsum(end) for end in zip(*worth, strict=True)) if worth else (0.0, 0.0)
    return by_threshold(rule, Interval(low, high if _is_looked_for(town, measure) else math.inf))


def _worth(measure: Row, row: Row) -> Interval:
    belongs = holds(row, measure.get("where", ()))
    answers = [
        (every([belongs, holds(row, one["where"])]), one.get("as_many", 1))
        for one in measure["counts"]
    ]
    least = max((worth for answer, worth in answers if answer), default=0)
    return Interval(
        least, max((worth for answer, worth in answers if answer is not False), default=0)
    )


def adequacy(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold what a head of the estate is given to the rule, then the share of those given none."""
    measure = rule["measure"]
    given, without = _given(town, measure, estate)
    scale, most_without = measure.get("scale", 1), measure.get("most_without", 1.0)
    verdict = by_threshold(rule, Interval(given.low * scale, given.high * scale))
    if verdict.outcome == "met" and without.high > most_without:
        verdict = UNKNOWN
    if verdict.outcome == "unknown" and without.low > most_without:
        return Verdict("short", given.low * scale)
    return verdict


def _doors(town: Town, estate: Row) -> list[Door]:
    return [door for door in town.doors if door.estate == estate["estate_id"]]


def _layer(measure: Row) -> str:
    return str(measure.get("layer", "facilities"))


def _serves(measure: Row, row: Row) -> Answer:
    """Return whether a place serves others than its own estate."""
    if "shared" not in measure:
        return True
    said: Answer = row[measure["shared"]]
    is_open = row["kind"] in measure.get("public_kinds", ())
    return True if said is None and is_open else said


def walks(town: Town, measure: Row, estate: Row, *, own: bool = True) -> list[Interval]:
    """Return of every door the least and the most that the walk to the nearest place can be [m]."""
    layer, kinds = _layer(measure), measure.get("kinds", ())
    surveyed = _is_looked_for(town, measure)
    look_m = measure.get("look_m", math.inf)
    places = []
    for row in town.rows(layer, kinds):
        is_own = own and row["estate"] == estate["estate_id"]
        serves = every(
            [holds(row, measure.get("where", ())), True if is_own else _serves(measure, row)]
        )
        if serves is not False:
            places.append((town.walks(layer, row), serves))
    found = []
    for door in _doors(town, estate):
        reached = [
            (walks[door.key], serves)
            for walks, serves in places
            if walks.get(door.key, math.inf) <= look_m
        ]
        high = min((metres for metres, serves in reached if serves), default=math.inf)
        low = min((metres for metres, _ in reached), default=math.inf)
        found.append(Interval(low if surveyed else 0.0, high))
    return found


def _is_looked_for(town: Town, measure: Row) -> bool:
    """Return whether all kinds that would do, and the ways to them, were surveyed."""
    return town.is_surveyed(_layer(measure), measure.get("kinds", ())) and town.is_surveyed(
        "walkways"
    )


def _reached(town: Town, measure: Row, estate: Row) -> list[tuple[Row, Answer]]:
    """Return the places that any door of an estate reaches, and whether each is meant."""
    layer, limit = _layer(measure), _limit(town, measure)
    doors = _doors(town, estate)
    reached = []
    for row in town.rows(layer, measure.get("kinds", ())):
        belongs, walks = holds(row, measure.get("where", ())), town.walks(layer, row)
        if belongs is not False and any(walks.get(door.key, math.inf) <= limit for door in doors):
            reached.append((row, belongs))
    return reached


def best_in_reach(town: Town, rule: Row, estate: Row, judge: Callable[[Row], Verdict]) -> Verdict:
    """Return the verdict on the best place that any door of an estate reaches in a life circle."""
    surveyed = _is_looked_for(town, rule["measure"])
    reached = [where(meant, judge(row)) for row, meant in _reached(town, rule["measure"], estate)]
    none = NONE_THERE if surveyed and _doors(town, estate) else UNKNOWN
    best = min(reached, key=badness, default=none)
    return UNKNOWN if best.outcome in FAILING and not surveyed else best


def _given(town: Town, measure: Row, estate: Row) -> tuple[Interval, Interval]:
    """Return the mean of what an estate's heads are given, and the share of those given nothing."""
    doors = _doors(town, estate)
    shares = {door.key: Interval(0.0, 0.0) for door in doors}
    serves: dict[Any, Answer] = dict.fromkeys(shares, False)
    for row in town.rows(_layer(measure), measure.get("kinds", ())):
        belongs, supply = holds(row, measure.get("where", ())), number(row[measure["supply"]])
        if belongs is False or supply.high <= 0:
            continue
        for door, sure in _users(town, measure, row):
            if door.estate == estate["estate_id"]:
                share = _share(town, measure, row, belongs, sure=sure)
                had = shares[door.key]
                shares[door.key] = Interval(had.low + share.low, had.high + share.high)
                is_sure = bool(belongs) and sure and supply.low > 0
                serves[door.key] = either([serves[door.key], True if is_sure else None])
    heads = {door.key: door.people[measure["demand"]].high for door in doors}
    everyone = math.fsum(heads.values())
    if not heads or math.isinf(everyone):
        return ANYTHING, Interval(0.0, 1.0)
    low, high = (
        over(math.fsum(shares[key][end] * heads[key] for key in heads if heads[key]), everyone)
        for end in (0, 1)
    )
    none, perhaps_none = (
        over(math.fsum(heads[key] for key in heads if serves[key] in answers), everyone)
        for answers in ((False,), (False, None))
    )
    if _is_looked_for(town, measure):
        return Interval(low, high), Interval(none, perhaps_none)
    return Interval(low, math.inf), Interval(0.0, perhaps_none)


def _share(town: Town, measure: Row, row: Row, belongs: Answer, *, sure: bool) -> Interval:
    """Return what a place gives to a head behind a door that may use it."""
    users, demand = _users(town, measure, row), measure["demand"]
    certain = [door for door, certainly in users if certainly]
    everyone = [door for door, _ in users]
    supply = number(row[measure["supply"]])
    most = math.fsum(door.people[demand].high for door in everyone)
    if _serves(measure, row) is not False and not town.is_surveyed_outside:
        most = math.inf
    fewest = math.fsum(door.people[demand].low for door in (certain if sure else everyone))
    least = over(max(supply.low, 0.0), most) if belongs and sure else 0.0
    return Interval(least, over(supply.high, fewest))


def _users(town: Town, measure: Row, row: Row) -> list[tuple[Door, bool]]:
    """Return the doors that may use a place, and whether they do for sure."""
    layer, limit = _layer(measure), _limit(town, measure)
    walks, serves = town.walks(layer, row), _serves(measure, row)
    users = []
    for door in town.doors:
        is_own = row["estate"] is not None and door.estate == row["estate"]
        is_near = walks.get(door.key, math.inf) <= limit
        is_near |= is_own and measure.get("own") == "anywhere"
        if is_near and (is_own or serves is not False):
            users.append((door, is_own or serves is True))
    return users


def _limit(town: Town, measure: Row) -> float:
    if "within_m" in measure:
        return float(measure["within_m"])
    return float(town.book.tables["circle"][measure["within"]]["distance_m"])
