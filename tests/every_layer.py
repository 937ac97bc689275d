"""The smallest demonstration district with a row in every layer, those that it lacks included."""

from functools import cache

import demo
from edits import apply
from edits.edit import Edit
from edits.rows import add_row
from layers.district import District


def candidate_site(district: District) -> Edit:
    """Return the edit that adds the candidate site C1 where the first facility is."""
    origin = {"provenance": "synthetic", "source": "test", "source_date": "2026-01-01"}
    place = district["facilities"].geometry.iloc[0]
    return add_row(district, "candidate_sites", {"candidate_id": "C1", **origin}, place)


@cache
def every_layer() -> District:
    """Return the district; nobody may change it."""
    tiny = demo.district("tiny")
    return apply(tiny, candidate_site(tiny))
