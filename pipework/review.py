"""Review: everything that the pipes of a district were held against on a day."""

from dataclasses import dataclass

import geopandas as gpd

from pipework.buildings import near_buildings
from pipework.checks import joined
from pipework.cover import cover_of
from pipework.crossings import at_crossings
from pipework.ends import ends_of
from pipework.neighbours import near_pipes, neighbours
from pipework.pieces import Pieces, pieces_of
from pipework.renewal import due_for_renewal, mixed
from rules.context import EvaluationContext


@dataclass(frozen=True, slots=True, eq=False)
class PipeReview:
    """
    What the pipes of a district were held against.

    Attributes
    ----------
    pieces : Pieces
        The n pipes.
    checks : geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`, by pipe and the worst first, what is met too.
    """

    pieces: Pieces
    checks: gpd.GeoDataFrame


def review_pipes(context: EvaluationContext) -> PipeReview:
    """
    Hold every pipe of a district against its neighbours, buildings, depth, ends and age.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.
    """
    district, book = context.district, context.book
    pieces = pieces_of(context)
    pairs = neighbours(pieces, book)
    parts = [
        near_pipes(pieces, book, pairs),
        at_crossings(pieces, book, pairs),
        near_buildings(pieces, district, book),
        *cover_of(pieces, district, book),
        ends_of(pieces, context),
        mixed(pieces, book),
        *due_for_renewal(pieces, book, context.as_of),
    ]
    return PipeReview(pieces, joined(parts, district["pipelines"].crs))
