"""Answers on parking and charging: arithmetic on what was planned, walks by Dijkstra."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from answer_key.answers import Answer, compare
from answer_key.parking import Level, Sheds
from answer_key.town import Town
from answer_key.truth_walks import Measured, Users, graded, measure, share_out

_SHARED_WITHIN_M, _PORTS_WITHIN_M, _SHED_M, _CHARGER_M = 300.0, 150.0, 150.0, 500.0
_BAYS = ("lot", "street", "garage")


def parking_answers(town: Town) -> Iterator[Answer]:
    """Answer every rule on bays, chargers and e-bike sheds."""
    measured = measure(town)
    yield from _bays(town)
    yield from _shared_bays(town, measured)
    yield from _car_chargers(town, measured)
    yield from _ebikes(town, measured)


def _bays(town: Town) -> Iterator[Answer]:
    bays = town.bays
    with np.errstate(invalid="ignore", divide="ignore"):
        per_household = bays.own / town.estates.households
        accessible = np.where(bays.own > 0, bays.accessible / bays.own, np.nan)
        ready = np.where(bays.own > 0, (bays.ev + bays.ev_ready) / bays.own, np.nan)
    one_off = np.flatnonzero(np.abs(bays.own - town.estates.households + 0.5) < 1)
    yield from compare(
        "parking.ratio.new",
        per_household,
        at_least=1.0,
        near=one_off,
        how="own bays planned over households",
    )
    at_limit = np.flatnonzero((bays.own >= 200) & (bays.own <= 201))  # noqa: PLR2004 - planted yards
    yield from compare(
        "parking.accessible", accessible, at_least=0.005, near=at_limit, how="bays planned"
    )
    yield from compare(
        "parking.accessible.2021", accessible, at_least=0.01, near=(), how="bays planned"
    )
    rest = bays.own - bays.ev - bays.ev_ready
    near = [*np.flatnonzero(rest == 1), *np.flatnonzero((rest == 0) & (bays.own > 0))[:1]]
    yield from compare("ev.new", ready, at_least=1.0, near=near, how="bays planned")


def _shared_bays(town: Town, measured: Measured) -> Iterator[Answer]:
    """Own bays for the estate alone, public ones shared among all who walk there."""
    parking = measured.parking
    first = len(measured.facilities)
    is_bay = parking["kind"].isin(_BAYS) & (parking["state"] == "open")
    places = np.flatnonzero(is_bay & parking["is_public"])
    supply = parking["spaces"].to_numpy(dtype=float)[places]
    users = measured.users(places + first, _SHARED_WITHIN_M)
    shared = share_out(town, measured, users, supply, heads="households")
    value = shared + town.bays.own / town.estates.households
    near = np.isin(town.bays.level, [Level.JUST_SHORT, Level.JUST_ENOUGH])
    for answer in graded("parking.ratio.old", value, 0.5, 0.0):
        yield replace(answer, case="near") if near[answer.estate] else answer


def _car_chargers(town: Town, measured: Measured) -> Iterator[Answer]:
    """Ask for one charging bay of the estate's own, or a public charger within the walk."""
    bays = town.bays
    first = len(measured.facilities)
    stations = np.flatnonzero(measured.parking["kind"] == "charging_station")
    walk = measured.worst(measured.nearest(stations + first, 1000.0), len(bays.own))
    planned = {each.estate for each in bays.charger_walks}
    for estate, (value, metres) in enumerate(zip(bays.ev, walk, strict=True)):
        met = value >= 1 or metres <= _CHARGER_M
        case = "near" if estate in planned else ("negative" if met else "positive")
        expect = "met" if met else "missing"
        how = f"bays planned; nearest public charger at {metres:.2f} m"
        yield Answer(estate, "ev.old", case, expect, float(value), how)


def _ebikes(town: Town, measured: Measured) -> Iterator[Answer]:
    parking, bays = measured.parking, town.bays
    first = len(measured.facilities)
    ids = {estate_id: number for number, estate_id in enumerate(town.estates.ids)}
    sheds = np.flatnonzero(parking["kind"] == "ebike_shed")
    owner = np.array([ids[each] for each in parking["estate_id"].iloc[sheds]], dtype=np.int64)
    to_doors = measured.from_places(sheds + first, 1000.0)
    own = np.where(owner[:, None] == measured.owner, to_doors, np.inf)
    yield from _shed_walks(town, measured, own)
    ports = parking["ebike_ports"].to_numpy(dtype=float)[sheds]
    nobody = np.zeros((len(sheds), len(measured.floor_m2)), dtype=bool)
    users = Users(own <= _PORTS_WITHIN_M, nobody)
    given = share_out(town, measured, users, ports, heads="households")
    near = np.isin(bays.shed, [Sheds.JUST_SHORT, Sheds.JUST_ENOUGH])
    for answer in graded("ebike.ports", given, 0.3, 0.0):
        yield replace(answer, case="near") if near[answer.estate] else answer
    there = bays.shed != Sheds.NONE
    at_limit = [*np.flatnonzero(there)[:1], *np.flatnonzero(~there)[:1]]
    yield from compare("ebike.place", there, at_least=1, near=at_limit, how="sheds planned")
    yield from compare("ebike.place.2025", there, at_least=1, near=at_limit, how="sheds planned")


def _shed_walks(town: Town, measured: Measured, own: np.ndarray) -> Iterator[Answer]:
    """Measure the walk to the estate's own shed; sheds serve no other estate."""
    walk = measured.worst(own.min(axis=0, initial=np.inf), len(town.estates.ids))
    planned = {each.estate for each in town.bays.shed_walks}
    for estate, metres in enumerate(walk):
        if np.isinf(metres):
            continue  # none of its own: how far other people's sheds are does not matter
        met = metres <= _SHED_M
        case = "near" if estate in planned else ("negative" if met else "positive")
        yield Answer(
            estate,
            "ebike.distance",
            case,
            "met" if met else "short",
            float(metres),
            "Dijkstra on an explicitly split graph",
            tolerance=0.01,
        )
