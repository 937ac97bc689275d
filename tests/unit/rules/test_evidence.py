"""Evidence: what is drawn of a finding is one valid geometry an estate."""

import numpy as np
import shapely

from rules.evidence import gathered


def test_grounds_that_overlap_are_drawn_as_one():
    shapes = np.array([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(9, 0, 10, 1)])
    one, none, other = gathered(np.array([0, 0, 2]), shapes, 3)
    assert one.is_valid
    assert one.geom_type == "MultiPolygon"
    assert one.equals(shapely.box(0, 0, 6, 4))
    assert none is None
    assert other.equals(shapes[2])
