"""Where the steps of a scenario change something: a mark for each, at its rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import shapely

from edits.cells import GEOMETRY
from edits.row_change import RowChange
from edits.scenario import Scenario, Step
from geo.geojson import display_geometries
from layers.district import District
from wording import Language

_MOST = 200


def step_marks(
    scenario: Scenario, before: District, after: District, language: Language
) -> list[dict[str, Any]]:
    """
    Return where the steps that are on change something.

    Parameters
    ----------
    scenario : Scenario
        Whose steps.
    before, after : District
        The district as it is, and as the steps leave it.
    language : {"zh", "en"}
        Of the sentences.

    Returns
    -------
    list of dict
        ``at``, latitude and longitude [degree]; ``number`` of the step, from 1; ``text``, what it
        does. At the rows that a step adds, else at those it changes; at most 200.
    """
    marks = [
        ({"number": place, "text": step.sentence(language)}, shape)
        for place, step in enumerate(scenario.steps, start=1)
        if step.is_on
        for row in _rows(step)
        for shape in _shapes(row, before, after)
    ][:_MOST]
    if not marks:
        return []
    shapes = gpd.GeoSeries([shape for _, shape in marks], crs=before.crs)
    drawn = display_geometries(shapes.representative_point(), "scenario")
    return [
        mark | {"at": point["coordinates"][::-1]}
        for (mark, _), point in zip(marks, drawn, strict=True)
        if point is not None
    ]


def _rows(step: Step) -> Sequence[RowChange]:
    """Return the rows that a step is about: a new walkway also cuts those that it joins."""
    rows = list(step.edit)
    return [row for row in rows if row.before is None] or rows


def _shapes(row: RowChange, before: District, after: District) -> Iterator[shapely.Geometry]:
    """Yield where a row is: as the step says, else as the district has it; nothing if nowhere."""
    for said in (row.after, row.before):
        shape = said.get(GEOMETRY) if said is not None else None
        if isinstance(shape, shapely.Geometry):
            yield shape
            return
    for district in (after, before):
        frame = district[row.layer]
        own = frame.geometry[frame[district.spec(row.layer).key] == row.key].dropna()
        if len(own):
            yield own.iloc[0]
            return
