"""Where the rows of a file are, whatever its numbers are."""

import struct

import numpy as np
import pytest
import shapely

from intake.placing import centres


def _square(*corners):
    """Return a polygon from raw doubles: shapely itself would warn about what damage can write."""
    ring = [*corners, corners[0]]
    head = struct.pack("<BIII", 1, 3, 1, len(ring))
    with np.errstate(invalid="ignore"):
        return shapely.from_wkb(head + b"".join(struct.pack("<dd", *xy) for xy in ring))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e300])
def test_a_number_that_is_no_place_gives_no_centre_and_harms_no_other_row(odd):
    sound = _square((0, 0), (4, 0), (4, 2), (0, 2))
    damaged = _square((0, 0), (4, 0), (odd, 2), (1e308, odd))
    found = centres(np.array([damaged, sound, None, shapely.Polygon()], dtype=object))
    assert found[1].tolist() == [2.0, 1.0]  # the middle of 4 by 2
    assert np.isnan(found[[0, 2, 3]]).all()
