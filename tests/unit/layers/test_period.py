"""The period of the data, in words."""

from datetime import date

import pandas as pd
import pytest

from layers.period import assessed_on, period_text
from tests.tiny_town import ESTATES, tiny_town


def dated(*days):
    """Return the town, all of 2026-01-01, with the dates of its first estates changed."""
    changed = [{"source_date": day} for day in days]
    rows = [estate | more for estate, more in zip(ESTATES, changed, strict=False)]
    return tiny_town(estates=[*rows, *ESTATES[len(rows) :]])


@pytest.mark.parametrize(
    ("days", "shown", "said"),
    [
        ((), "2026-01-01", "2026-01-01"),
        (("2021-05-01",), "2021-05-01 – 2026-01-01", "2021-05-01 – 2026-01-01"),
        (
            ("2027-05-01",),
            "2026-01-01；另有 1 行晚于评估日期 2026-11-29，请核对",
            "2026-01-01; 1 row is dated after the day of assessment, 2026-11-29: please check",
        ),
        (
            ("2027-05-01", "2021-05-01", "2028-05-01"),
            "2021-05-01 – 2026-01-01；另有 2 行晚于评估日期 2026-11-29，请核对",
            (
                "2021-05-01 – 2026-01-01; 2 rows are dated after the day of assessment, "
                "2026-11-29: please check"
            ),
        ),
    ],
)
def test_the_period_is_told_and_what_is_dated_after_it(days, shown, said):
    town = dated(*days)
    texts = [period_text(town, date(2026, 11, 29), language) for language in ("zh", "en")]
    assert texts == [shown, said]


def test_findings_were_assessed_on_the_last_of_their_days():
    findings = pd.DataFrame({"as_of": ["2023-04-01", "2026-11-29", None]})
    assert assessed_on(findings) == date(2026, 11, 29)
    assert assessed_on(findings.iloc[2:]) == date.max
