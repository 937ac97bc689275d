"""The JSON document of a check."""

import json
from datetime import date

from services.assessment import Workspace, assess
from services.check_document import check_document
from tests.tiny_town import line, streets, tiny_town

# It ends 40 cm from a street.
SHORT = {"walkway_id": "Y", "geometry": line((600.4, 150), (640, 150))}


def test_the_document_of_a_check_carries_the_places():
    town = tiny_town(walkways=[*streets(), SHORT])
    found = json.loads(check_document(assess(Workspace.of(town), date(2026, 11, 23))))
    assert found["walkways"]["near_misses"] == [
        {"gap_m": 0.4, "from": [600_600.4, 4_200_150.0], "to": [600_600.0, 4_200_150.0]}
    ]
    assert found["counts"]["elevator"].keys() >= {"gap", "unknown"}


def test_rows_dated_after_the_day_are_told_and_no_part_of_the_period():
    town = tiny_town(walkways=[*streets(), SHORT | {"source_date": "2030-01-01"}])
    found = json.loads(check_document(assess(Workspace.of(town), date(2026, 11, 23))))
    assert found["data_period"] == ["2026-01-01", "2026-01-01"]
    assert found["rows_dated_later"] == 1
