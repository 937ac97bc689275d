"""What the browser tells the page: hostile until it has the form stated here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rules.reads import SIZES

_MOST_GESTURES = 20
_MOST_PLACES = 200
_LEAST_M, _MOST_M = 1.0, 60.0  # how far from a click a row may be that it means


@dataclass(frozen=True, slots=True)
class Pick:
    """
    What is selected, by the browser or by the server.

    Attributes
    ----------
    estate : str
        The estate's id, "" for none.
    rule : str
        The finding's rule, "" for none.
    show : str
        The kind of gap that the map is about, "" for all.
    request_id : int
        Number of the browser's pick; what the server says of an earlier one is stale.
    """

    estate: str = ""
    rule: str = ""
    show: str = ""
    request_id: int = 0

    @classmethod
    def from_browser(cls, message: object) -> "Pick | None":
        """Return the pick that a message of the browser holds, None if it is not of this form."""
        if not isinstance(message, Mapping):
            return None
        words = [message.get(name) for name in ("estate", "rule", "show")]
        request_id = message.get("request_id")
        if all(isinstance(word, str) for word in words) and isinstance(request_id, int):
            estate, rule, show = map(str, words)
            return cls(estate, rule, show, request_id)
        return None


@dataclass(frozen=True, slots=True)
class Gesture:
    """
    What a user does to a scenario on the map.

    Attributes
    ----------
    number : int
        Of the gesture, counted by the browser.
    do : str
        ``undo``, ``redo`` or a remedy of `services.remedies`; unchecked.
    kind : str
        Kind of a new facility, "" for none; unchecked.
    places : tuple of tuple of float
        Longitude and latitude (EPSG:4490) [degree], finite; at most 200.
    sizes : mapping of str to float
        ``floor_area_m2`` [m2] and ``capacity`` of a new facility, finite and positive.
    within_m : float
        How far from a place the row may be that is meant [m], 1 to 60.
    """

    number: int
    do: str
    kind: str = ""
    places: tuple[tuple[float, float], ...] = ()
    sizes: Mapping[str, float] = field(default_factory=dict)
    within_m: float = _LEAST_M

    @classmethod
    def from_browser(cls, message: object) -> "Gesture | None":
        """Return the gesture that a message of the browser holds, None if it is of another form."""
        if not isinstance(message, Mapping):
            return None
        number, do, kind = (message.get(name) for name in ("number", "do", "kind"))
        if type(number) is not int or not isinstance(do, str) or not isinstance(kind, str):
            return None
        places = _places(message.get("places", []))
        if places is None:
            return None
        within_m = _number(message.get("within_m"))
        reach_m = min(max(within_m or _LEAST_M, _LEAST_M), _MOST_M)
        return cls(number, do, kind, places, _sizes(message.get("sizes")), reach_m)


def gestures_from_browser(message: object) -> list[Gesture]:
    """Return the gestures that a message holds, in order, what has another form left out."""
    if not isinstance(message, list):
        return []
    found = (Gesture.from_browser(one) for one in message[:_MOST_GESTURES])
    return sorted((one for one in found if one is not None), key=lambda one: one.number)


def _places(given: object) -> tuple[tuple[float, float], ...] | None:
    """Return pairs of finite numbers; None if they are anything else, or too many."""
    if not isinstance(given, list) or len(given) > _MOST_PLACES:
        return None
    places = [_pair(one) for one in given]
    found = tuple(place for place in places if place is not None)
    return found if len(found) == len(places) else None


def _pair(given: object) -> tuple[float, float] | None:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != 2:  # noqa: PLR2004
        return None
    x, y = map(_number, given)
    return None if x is None or y is None else (x, y)


def _sizes(given: object) -> dict[str, float]:
    """Return the sizes that are known by name and are positive numbers."""
    if not isinstance(given, Mapping):
        return {}
    known = {name: _number(given.get(name)) for name in SIZES}
    return {name: value for name, value in known.items() if value is not None and value > 0}


def _number(given: object) -> float | None:
    """Return a finite number as a float; None if it is anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        number = float(given)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
