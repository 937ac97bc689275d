"""On foot: walks to places, places in reach, and what places give to all who share them."""

import math
from collections.abc import Callable, Sequence

from tests.second.logic import (
    ANYTHING,
    FAILING,
    NOT_APPLICABLE,
    UNKNOWN,
    Answer,
    Interval,
    Row,
    Verdict,
    badness,
    by_threshold,
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
    """Hold what a head of the estate is given by all places that it may use against the rule."""
    given = _given(town, rule["measure"], estate)
    scale = rule["measure"].get("scale", 1)
    return by_threshold(rule, Interval(given.low * scale, given.high * scale))


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
    none = NOT_APPLICABLE if surveyed and _doors(town, estate) else UNKNOWN
    best = min(reached, key=badness, default=none)
    return UNKNOWN if best.outcome in FAILING and not surveyed else best


def _given(town: Town, measure: Row, estate: Row) -> Interval:
    """Return the mean of what the doors of an estate are given, each head counted alike."""
    shares = {door.key: Interval(0.0, 0.0) for door in _doors(town, estate)}
    for row in town.rows(_layer(measure), measure.get("kinds", ())):
        belongs = holds(row, measure.get("where", ()))
        if belongs is not False:
            for key, share in _shared_out(town, measure, row, belongs, estate).items():
                shares[key] = Interval(shares[key].low + share.low, shares[key].high + share.high)
    heads = {door.key: door.people[measure["demand"]] for door in _doors(town, estate)}
    if None in heads.values() or not heads:
        return (
            Interval(0.0, 0.0)
            if heads and not any(share.high for share in shares.values())
            else ANYTHING
        )
    everyone = math.fsum(heads.values())
    low = over(math.fsum(shares[key].low * heads[key] for key in heads if heads[key]), everyone)
    high = over(math.fsum(shares[key].high * heads[key] for key in heads if heads[key]), everyone)
    return Interval(low, high if _is_looked_for(town, measure) else math.inf)


def _shared_out(
    town: Town, measure: Row, row: Row, belongs: Answer, estate: Row
) -> dict[tuple[str, str], Interval]:
    """Return what a place gives to a head behind each door of an estate that may use it."""
    users = _users(town, measure, row)
    certain = [door for door, sure in users if sure]
    everyone = [door for door, _ in users]
    supply = number(row[measure["supply"]])
    least = _rate(
        max(supply.low, 0.0) if belongs else 0.0, everyone, measure["demand"], at_most=False
    )
    return {
        door.key: Interval(
            least if sure else 0.0,
            _rate(supply.high, certain if sure else everyone, measure["demand"], at_most=True),
        )
        for door, sure in users
        if door.estate == estate["estate_id"]
    }


def _rate(supply: float, users: Sequence[Door], demand: str, *, at_most: bool) -> float:
    heads = [door.people[demand] for door in users]
    if None in heads and not at_most:
        return 0.0
    return over(supply, math.fsum(head for head in heads if head is not None))


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
