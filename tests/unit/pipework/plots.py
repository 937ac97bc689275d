"""Pipes of the tiny town, by hand: what is left out is as a careful survey would have it."""

from datetime import date
from typing import Any

import pandas as pd

from pipework.review import PipeReview, review_pipes
from rules.book import load_book
from rules.context import EvaluationContext
from tests.tiny_town import line, tiny_town

TODAY = date(2026, 11, 30)
BOOK = load_book(["ningxia", "wuzhong", "litong"])
SURVEYED = {"diameter_mm": 200.0, "depth_m": 1.0, "accuracy_m": 0.0, "laid": "direct"}


def pipe(key: str, kind: str, *at: tuple[float, float], **more: Any) -> dict[str, Any]:
    """Return a pipe of the town; more columns as given, None for unknown."""
    return {"pipe_id": key, "kind": kind, **SURVEYED, **more, "geometry": line(*at)}


def reviewed(*pipes: dict[str, Any], as_of: date = TODAY, **layers: Any) -> PipeReview:
    """Return what pipes of the town are held against."""
    district = tiny_town(pipelines=pipes, **layers)
    return review_pipes(EvaluationContext(district, BOOK, as_of))


def rows(found: PipeReview, check: str) -> pd.DataFrame:
    """Return the rows of one check, by the keys of pipe and object."""
    own = found.checks[found.checks["check"] == check]
    keys = found.pieces.table["pipe_id"].to_numpy()[own["pipe"].to_numpy()]
    return own.assign(key=keys).set_index(["key", "object_id"])


def only(found: PipeReview, check: str) -> pd.Series:
    """Return the one row of a check."""
    (place,) = range(len(rows(found, check)))
    return rows(found, check).iloc[place]
