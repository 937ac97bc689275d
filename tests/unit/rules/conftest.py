"""What the tests of the rules share: the whole rulebook, and one finding by estate and rule."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from layers.district import District
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.full_table import full_table

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book(("ningxia", "wuzhong", "litong"))


@pytest.fixture(scope="session")
def judged(book: Book) -> Callable[..., pd.DataFrame]:
    """Return the full table of one rule's findings, indexed by estate."""

    def _judged(district: District, rule: str, as_of: date = TODAY) -> pd.DataFrame:
        findings = evaluate(district, book, as_of, only=[rule])
        return full_table(findings, district, book).set_index("estate_id")

    return _judged
