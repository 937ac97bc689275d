"""
Rounding: a measured value and its threshold as people read them, so that they compare alike.

A threshold is printed with all its digits. A value gets the digits that people expect, and
as many more as it takes to print on its own side of the threshold: 300.1 m against 300 m is
"300.1 m", never "300 m". Sentences, tables, sheets and the map print figures by these functions.
"""

from math import isfinite, isnan, nan

from layers.findings import UNIT_LABELS
from rules.verdict import SAME
from wording import Language

_MOST_DIGITS = 9
_WHOLE_FROM = {"m": 10.0, "m2": 10.0}
"""From where on a unit is read without decimals; others are read with three significant digits."""
_ONE = {
    "hh": "household",
    "bay": "bay",
    "bay/hh": "bay/household",
    "port/hh": "port/household",
    "bed/1000": "bed/1,000 elders",
    "seat/1000": "place/1,000 persons",
}
_THREE_DIGITS = ((100.0, 0), (10.0, 1), (0.0, 2))


def figure(value: float, unit: str, beside: float = nan) -> str:
    """
    Return a number as it is read: shares in per cent, thousands parted by commas.

    Parameters
    ----------
    value : float
        In `unit`; finite.
    unit : str
        A unit of the rulebook; "" is a share.
    beside : float, default nan
        The threshold printed next to it, in `unit`; nan where there is none.

    Returns
    -------
    str
        On the side of `beside` on which `value` is, equal to it only if `value` is, and "0" only
        for 0.
    """
    scale, tail = (100.0, "%") if unit == "" else (1.0, "")
    if same(value, beside):
        return exact(beside, unit)
    # Rounded as it is printed: 0.587 times 100 is 58.699999999999996.
    limits = [round(beside * scale, _MOST_DIGITS)] * (not isnan(beside))
    near = [*limits, 0.0] + [100.0] * (unit == "")
    digits = _usual_digits(value * scale, unit)
    while digits < _MOST_DIGITS and not _keeps_sides(value * scale, near, digits):
        digits += 1
    return _plain(value * scale, digits) + tail


def exact(threshold: float, unit: str) -> str:
    """Return a threshold with every digit it has; parameters as in `figure`."""
    scale, tail = (100.0, "%") if unit == "" else (1.0, "")
    return _plain(threshold * scale, _MOST_DIGITS) + tail


def same(value: float, threshold: float) -> bool:
    """
    Return whether a value counts as equal to a threshold (nan equals nothing).

    Parameters
    ----------
    value, threshold : float
        In one unit; as close as sums differ in their last digits, they are equal.
    """
    return abs(value - threshold) <= SAME * max(1.0, abs(threshold))


def with_unit(number: str, unit: str, language: Language) -> str:
    """
    Return a number as `figure` or `exact` wrote it, with its unit in `language`.

    Parameters
    ----------
    number : str
        As `figure` or `exact` wrote it.
    unit : str
        A unit of the rulebook; "" is a share, whose per cent is in the number.
    language : {"zh", "en"}
        Of the unit; in English one bay, several bays, and places are told by the metric.
    """
    label = UNIT_LABELS[unit][language]
    if language == "en" and unit == "place":
        return number  # the metric says what is counted
    if number == "1" and language == "en":
        label = _ONE.get(unit, label)
    return f"{number} {label}".strip()


def quantity(value: float, unit: str, language: Language, beside: float = nan) -> str:
    """
    Return a measured value with its unit as text; parameters as in `figure`.

    Returns
    -------
    str
        "" where the value is unknown (nan) or without limit.
    """
    return with_unit(figure(value, unit, beside), unit, language) if isfinite(value) else ""


def limit(threshold: float, unit: str, language: Language) -> str:
    """
    Return a threshold with its unit as text, "" for none (nan).

    Parameters
    ----------
    threshold : float
        In `unit`; NaN or inf for none.
    unit : str
        A unit of the rulebook; "" is a share.
    language : {"zh", "en"}
        Of the unit.
    """
    return with_unit(exact(threshold, unit), unit, language) if isfinite(threshold) else ""


def _usual_digits(number: float, unit: str) -> int:
    """Return how many decimals a number is read with where nothing is near."""
    if abs(number) >= _WHOLE_FROM.get(unit, float("inf")):
        return 0
    return next(digits for least, digits in _THREE_DIGITS if abs(number) >= least)


def _keeps_sides(number: float, near: list[float], digits: int) -> bool:
    """Return whether a number, rounded, stays on its side of every number near it."""
    rounded = round(number, digits)
    return all(
        number == other or (rounded < other, rounded > other) == (number < other, number > other)
        for other in near
    )


def _plain(number: float, digits: int) -> str:
    """Return a number with at most so many decimals, no zeros at their end, and no minus zero."""
    text = f"{round(number, digits) + 0.0:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
