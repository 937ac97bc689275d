"""Ways of measuring, by the name that a rule gives in `measure.by`."""

from collections.abc import Callable

from tests.second.amounts import agreement, count, ratio
from tests.second.drawn import coverage, obstruction, step_free
from tests.second.logic import Row, Verdict
from tests.second.members import age, attribute, checklist
from tests.second.on_foot import adequacy, area, places, walk
from tests.second.passing import clear_width
from tests.second.town import Town

WAYS: dict[str, Callable[[Town, Row, Row], Verdict]] = {
    "walk": walk,
    "ratio": ratio,
    "adequacy": adequacy,
    "area": area,
    "coverage": coverage,
    "obstruction": obstruction,
    "clear_width": clear_width,
    "step_free": step_free,
    "places": places,
    "attribute": attribute,
    "clearance": attribute,
    "checklist": checklist,
    "age": age,
    "count": count,
    "agreement": agreement,
}
