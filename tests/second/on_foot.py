"""On foot: walks to places, places in reach, and what places give to all who share them."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.second.book import Book
from tests.second.logic import (
    FAILING,
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
from tests.second.town import KEYED, Door, Town


def walk(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the walk from the worst door to the nearest place against the rule."""
    measure = rule["measure"]
    found = walks(town, measure, estate, rule["value"])
    verdicts = [by_threshold(rule, interval) for interval in found]
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
    perhaps = [row for row in _usable(town, measure, estate) if _worth(measure, row).high > 0]
    is_open = not _is_looked_for(town, measure, estate) or _is_unsure(
        town, measure, estate, perhaps
    )
    return by_threshold(rule, Interval(low, math.inf if is_open else high))


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
    """Hold what a head is given by all it may use against the rule, then who is given nothing."""
    measure = rule["measure"]
    given, scale = _given(town, measure, estate), measure.get("scale", 1)
    verdict = by_threshold(rule, Interval(given.mean.low * scale, given.mean.high * scale))
    tolerated = measure.get("most_without", 1.0)
    if verdict.outcome in FAILING or given.without.high <= tolerated:
        return verdict
    if given.without.low > tolerated:
        return Verdict("short", given.mean.low * scale, math.inf)
    return UNKNOWN


class Given(NamedTuple):
    """What a head of an estate is given in the mean, and the share of heads without a place."""

    mean: Interval
    without: Interval


def _doors(town: Town, estate: Row) -> list[Door]:
    return [door for door in town.doors if door.estate == estate["estate_id"]]


def _layer(measure: Row) -> str:
    return str(measure.get("layer", "facilities"))


def _serves(measure: Row, row: Row) -> Answer:
    """Return whether a place serves others than its own estate."""
    if "shared" not in measure:
        return row.get("is_public") is not False
    said: Answer = row[measure["shared"]]
    is_open = row["kind"] in measure.get("public_kinds", ())
    return True if said is None and is_open else said


def walks(
    town: Town, measure: Row, estate: Row, near_m: float, *, own: bool = True
) -> list[Interval]:
    """
    Return of every door the least and the most that the walk to the nearest place can be [m].

    A place that is cut off leaves open a walk longer than `near_m` that it would shorten.
    """
    layer, kinds = _layer(measure), measure.get("kinds", ())
    surveyed = _is_looked_for(town, measure, estate)
    far_m = town.book.tables["walking"]["private_look_m"]
    places = []
    for row in town.rows(layer, kinds):
        is_own = own and row["estate"] == estate["estate_id"]
        serves = every(
            [holds(row, measure.get("where", ())), True if is_own else _serves(measure, row)]
        )
        if serves is not False:
            is_private = _serves(measure, row) is False
            look_m = measure.get("look_m", far_m if is_private else math.inf)
            places.append((row, serves, look_m))
    found = []
    for door in _doors(town, estate):
        metres = [
            (town.walks(layer, row).get(door.key, math.inf), serves, look_m)
            for row, serves, look_m in places
        ]
        reached = [(m, serves) for m, serves, look_m in metres if m <= look_m]
        high = min((m for m, serves in reached if serves), default=math.inf)
        low = min((m for m, _ in reached), default=math.inf)
        perhaps = [row for row, _, _ in places]
        if not surveyed or _is_open(town, layer, door, perhaps, min(near_m, low)):
            low = 0.0
        found.append(Interval(low, math.inf if town.is_cut_off(door.key) else high))
    return found


def _is_open(town: Town, layer: str, door: Door, perhaps: Sequence[Row], within_m: float) -> bool:
    """Return whether a door is cut off, or near in a straight line to a place that is."""
    return town.is_cut_off(door.key) or any(
        town.is_cut_off((layer, row[KEYED[layer]]))
        and min(point.distance(door.point) for point in town.entrances(row)) <= within_m
        for row in perhaps
    )


def _is_unsure(town: Town, measure: Row, estate: Row, perhaps: Sequence[Row]) -> bool:
    """Return whether nobody can be sure what an estate reaches, as walkways are in pieces."""
    layer, limit = _layer(measure), catchment_m(town.book, measure)
    return any(_is_open(town, layer, door, perhaps, limit) for door in _doors(town, estate))


def _usable(town: Town, measure: Row, estate: Row) -> list[Row]:
    """Return the places that are not private to another estate."""
    rows = town.rows(_layer(measure), measure.get("kinds", ()))
    return [
        row
        for row in rows
        if row["estate"] == estate["estate_id"] or _serves(measure, row) is not False
    ]


def _is_looked_for(town: Town, measure: Row, estate: Row) -> bool:
    """Return whether all kinds that would do, and the ways to them, were surveyed."""
    return town.is_surveyed(_layer(measure), measure.get("kinds", ()), estate) and town.can_walk


def _reached(town: Town, measure: Row, estate: Row) -> list[tuple[Row, Answer]]:
    """Return the places that an estate may use and any door reaches, and whether each is meant."""
    layer, limit = _layer(measure), _own_limit(town, measure)
    doors = _doors(town, estate)
    reached = []
    for row in _usable(town, measure, estate):
        belongs, walks = holds(row, measure.get("where", ())), town.walks(layer, row)
        is_near = any(walks.get(door.key, math.inf) <= limit for door in doors)
        if belongs is not False and is_near:
            reached.append((row, belongs))
    return reached


def best_in_reach(town: Town, rule: Row, estate: Row, judge: Callable[[Row], Verdict]) -> Verdict:
    """Return the verdict on the best place that any door of an estate reaches in a life circle."""
    measure = rule["measure"]
    rows = _usable(town, measure, estate)
    surveyed = _is_looked_for(town, measure, estate) and not _is_unsure(town, measure, estate, rows)
    reached = [where(meant, judge(row)) for row, meant in _reached(town, measure, estate)]
    none = Verdict("missing") if surveyed and _doors(town, estate) else UNKNOWN
    best = min(reached, key=lambda one: (*badness(one), -one.value), default=none)
    return UNKNOWN if best.outcome in FAILING and not surveyed else best


def _heads(door: Door, demand: str) -> Interval:
    """Return how many are behind a door: any number where nobody counted."""
    known = door.people[demand]
    return Interval(0.0, math.inf) if known is None else Interval(known, known)


def _given(town: Town, measure: Row, estate: Row) -> Given:
    """Return what a head of an estate is given in the mean, and the share that is given nothing."""
    doors = _doors(town, estate)
    shares = {door.key: Interval(0.0, 0.0) for door in doors}
    served: dict[tuple[str, str], bool] = {}
    perhaps = [
        row
        for row in _usable(town, measure, estate)
        if holds(row, measure.get("where", ())) is not False
        and number(row[measure["supply"]]).high > 0
    ]
    for row in town.rows(_layer(measure), measure.get("kinds", ())):
        if holds(row, measure.get("where", ())) is not False:
            for key, (share, sure) in _shared_out(town, measure, row, estate).items():
                shares[key] = Interval(shares[key].low + share.low, shares[key].high + share.high)
                served[key] = served.get(key, False) or sure
    heads = {door.key: _heads(door, measure["demand"]) for door in doors}
    everyone = math.fsum(each.high for each in heads.values())
    if not heads or math.isinf(everyone):
        return Given(Interval(0.0, math.inf), Interval(0.0, 1.0))
    mean = [
        over(
            math.fsum(shares[key][end] * heads[key].low for key in heads if heads[key].low),
            everyone,
        )
        for end in (0, 1)
    ]
    without = Interval(
        over(math.fsum(heads[key].low for key in heads if key not in served), everyone),
        over(math.fsum(heads[key].low for key in heads if not served.get(key)), everyone),
    )
    if not _is_looked_for(town, measure, estate) or _is_unsure(town, measure, estate, perhaps):
        return Given(Interval(mean[0], math.inf), Interval(0.0, without.high))
    return Given(Interval(*mean), without)


def _shared_out(
    town: Town, measure: Row, row: Row, estate: Row
) -> dict[tuple[str, str], tuple[Interval, bool]]:
    """Return what a place gives a head behind each door that may use it, and whether it does."""
    meant, serves = holds(row, measure.get("where", ())), _serves(measure, row)
    amount = number(row[measure["supply"]])
    supply = Interval(max(amount.low, 0.0) if meant else 0.0, amount.high)
    users, demand = _users(town, measure, row, estate), measure["demand"]
    own = [_heads(door, demand) for door, is_own in users if is_own]
    everyone = [_heads(door, demand) for door, _ in users] + _outside(town, measure, row)
    shared, alone = _rates(supply, everyone), _rates(supply, own)
    found = {}
    for door, is_own in users:
        may = is_own or serves is not False
        if door.estate != estate["estate_id"] or not may or supply.high <= 0:
            continue
        low = alone.low if is_own and serves is False else shared.low
        high = alone.high if is_own and serves is not True else shared.high
        is_sure = is_own or serves is True
        rate = Interval(low if is_sure else 0.0, high)
        found[door.key] = (rate, is_sure and supply.low > 0)
    return found


def _rates(supply: Interval, heads: Sequence[Interval]) -> Interval:
    """Return supply per head: nothing where nobody can use it."""
    fewest, most = (math.fsum(each[end] for each in heads) for end in (0, 1))
    if not most:
        return Interval(0.0, 0.0)
    return Interval(over(supply.low, most), over(supply.high, fewest))


def _outside(town: Town, measure: Row, row: Row) -> list[Interval]:
    """Return the heads outside every estate that may share a place."""
    if not town.is_surveyed_outside:
        return [Interval(0.0, math.inf)]
    walks, limit = town.walks(_layer(measure), row), _limit_of_others(town, measure)
    rate = town.heads_per_household(measure["demand"])
    near = [h.households for h in town.homes_outside if walks.get(h.key, math.inf) <= limit]
    return [Interval(rate * each.low, rate * each.high) for each in near]


def _users(town: Town, measure: Row, row: Row, estate: Row) -> list[tuple[Door, bool]]:
    """Return the doors in whose reach a place is, and whether it is of their own estate."""
    walks, users = town.walks(_layer(measure), row), []
    own, others = _own_limit(town, measure), _limit_of_others(town, measure)
    for door in town.doors:
        limit = own if door.estate == estate["estate_id"] else others
        is_own = door.estate == row["estate"]
        is_near = walks.get(door.key, math.inf) <= limit and not town.is_cut_off(door.key)
        if is_near or (is_own and measure.get("own") == "anywhere"):
            users.append((door, is_own))
    return users


def catchment_m(book: Book, measure: Row) -> float:
    """Return the longest walk within which places count [m]."""
    if "within_m" in measure:
        return float(measure["within_m"])
    return float(book.tables["circle"][measure["within"]]["distance_m"])


def _own_limit(town: Town, measure: Row) -> float:
    return catchment_m(town.book, measure) + float(measure.get("own_off_m", 0))


def _limit_of_others(town: Town, measure: Row) -> float:
    return catchment_m(town.book, measure) + float(measure.get("others_off_m", 0))
