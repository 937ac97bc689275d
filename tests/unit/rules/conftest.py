"""What the tests of the rules share: the whole rulebook, and one finding by estate and rule."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from layers.district import District
from rules.book import Book, load_book
from rules.evaluate import evaluate

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book(("ningxia", "wuzhong", "litong"))


@pytest.fixture(scope="session")
def judged(book: Book) -> Callable[..., pd.DataFrame]:
    """Return the findings of one rule, indexed by estate."""

    def _judged(district: District, rule: str, as_of: date = TODAY) -> pd.DataFrame:
        return evaluate(district, book, as_of, only=[rule]).set_index("estate_id")

    return _judged
