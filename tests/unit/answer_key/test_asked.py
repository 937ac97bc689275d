"""What the generator reads from the rulebook, and that its grades are on either side of it."""

import operator

import pytest

from answer_key import buildings, estates, green, lifts, parking, pipes, trees, walkways
from answer_key.asked import asked, beside, circle_m, rule
from answer_key.grades import Grade

MODULES = (buildings, estates, green, lifts, parking, pipes, trees, walkways)
OPERATORS = {">=": operator.ge, "<=": operator.le}


def _grades():
    named = [value for module in MODULES for value in vars(module).values()]
    groups = [list(value.values()) for value in named if isinstance(value, dict)]
    flat = [*named, *(value for group in groups for value in group)]
    return {each.rule_id: each for each in flat if isinstance(each, Grade) and any(each.near_by)}


@pytest.mark.parametrize("grade", _grades().values(), ids=lambda grade: grade.rule_id)
def test_of_two_near_values_one_is_met_and_one_fails(grade):
    figure = asked(grade.rule_id, grade.part)
    is_met = OPERATORS[rule(grade.rule_id).op or ">="]
    met, failed = grade.near
    assert is_met(met, figure)
    assert not is_met(failed, figure)
    assert not any(is_met(value, figure) for value in grade.bad)
    assert all(is_met(value, figure) for value in grade.good)


def test_a_figure_may_stand_in_the_rule_its_measure_or_a_condition():
    # by hand, from the rulebook: a walk, and the walk that counts as none
    assert asked("elder.access") == 300
    assert asked("elder.access", "missing_beyond") == 1000
    assert asked("property.room", "min_of") == 50  # of its measure
    assert asked("ev.old", "within_m") == 500  # of the walk that will do instead
    assert asked("lift.retrofit_car", "lift_door_m") == 0.8  # a condition
    assert asked("fitness.access", "land_area_m2") == 150  # a condition on either of two columns
    assert beside("elder.access", 0.1) == (299.9, 300.1)
    assert circle_m("life15") == 1000


def test_a_figure_that_no_rule_has_is_named():
    with pytest.raises(KeyError, match=r"elder\.access asks for no lift_door_m"):
        asked("elder.access", "lift_door_m")
