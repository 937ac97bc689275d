"""The greening sheets as a booklet of their own: check, setting-out, seedlings, rectification."""

from dataclasses import replace

from atlas.compose import Booklet, Progress, compose, context_of
from atlas.outline import plan_pages
from atlas.request import GREENING_SHEETS, Request
from geo.errors import DataError
from greening.indicators import RULE_PREFIX
from greening.review import Review
from plan import load_plan
from rules.evaluate import evaluate
from rules.full_table import full_table


def greening_booklet(
    review: Review, request: Request, *, progress: Progress | None = None
) -> Booklet:
    """
    Print a review.

    Parameters
    ----------
    review : Review
        What was checked.
    request : Request
        Date, estates, town, paper, language, title block; its `sheets` are replaced.
    progress : callable, optional
        As for `atlas.compose.compose`.

    Raises
    ------
    DataError
        If there is nothing to print.
    """
    book = review.held_book
    green = replace(book, rules=tuple(r for r in book.rules if r.id.startswith(RULE_PREFIX)))
    findings = evaluate(review.district, green, review.as_of)
    table = full_table(findings, review.district, green)
    plan = load_plan(review.district.plan) if review.district.plan else None
    asked = replace(request, sheets=GREENING_SHEETS)
    context = context_of(review.district, table, book, plan, asked)
    context = replace(context, review=review)
    if not plan_pages(context):
        raise DataError(
            "there is nothing to print: no plantings that may be shown",
            "没有可列入图册的栽植点",
        )
    return compose(context, progress=progress)
