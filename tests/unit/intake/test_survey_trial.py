"""The set of survey tables with known truth: nothing silently wrong, three questions at most."""

from collections.abc import Callable
from pathlib import Path

import pytest

from intake.reading import DeliveryReading
from tests.trials import survey_tables

COUNT = 96


@pytest.mark.slow
def test_of_a_hundred_tables_as_offices_write_them_none_is_silently_wrong(
    tmp_path: Path, read: Callable[..., DeliveryReading]
) -> None:
    found = survey_tables.run(COUNT, read, tmp_path)
    assert [one for one in found if one.silently_wrong or one.unknown_answers] == []
    assert max(len(one.questions) for one in found) <= survey_tables.MOST_QUESTIONS
    habits = {habit for one in found for habit in one.habits}
    assert habits == {habit.__name__ for habit in survey_tables.HABITS}
