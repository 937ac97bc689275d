"""Period: of what days the data of a district are, in words."""

from datetime import date

import pandas as pd

from layers.district import District
from wording import Language, say


def assessed_on(findings: pd.DataFrame) -> date:
    """Return the day of assessment of findings, of several the last; the end of time without."""
    days = findings["as_of"].dropna().astype(str).unique()
    return date.fromisoformat(max(days)) if len(days) else date.max


def period_text(district: District, as_of: date, language: Language) -> str:
    """
    Return the period of the data, and how many rows are dated after a day.

    Parameters
    ----------
    district : District
        Whose rows are asked; those without a date are not.
    as_of : datetime.date
        The day of assessment; later rows are told apart.
    language : {"zh", "en"}
        Of the words.
    """
    period, later = period_until(district, as_of), district.dated_after(as_of)
    if not later:
        return period
    return say("common.dated_later", language, period=period, n=later, day=as_of.isoformat())


def period_until(district: District, as_of: date) -> str:
    """
    Return the oldest and the newest date of the data up to a day.

    Parameters
    ----------
    district : District
        Whose rows are asked; those without a date are not.
    as_of : datetime.date
        The day of assessment; later rows are left out.

    Returns
    -------
    str
        ISO 8601, "2021-05-01 – 2023-03-15"; one date where both are the same, "—" without any.
    """
    return " – ".join(dict.fromkeys(district.data_period(as_of))) or "—"
