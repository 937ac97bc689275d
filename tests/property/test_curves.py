"""Arcs made straight: never farther from the arc than promised, whatever the arc."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from intake.child.curves import TOLERANCE_M, flattened_arc


@given(
    st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)),
    st.floats(0.05, 2e4),
    st.floats(-np.pi, np.pi),
    st.floats(0.05, 6.2),
    st.floats(0.1, 0.9),
    st.sampled_from([1, -1]),
)
def test_no_piece_of_an_arc_strays_farther_than_the_tolerance(
    centre, radius, start, sweep, share, turn
):
    angles = start + turn * sweep * np.array([0.0, share, 1.0])
    arc = np.array(centre) + radius * np.column_stack([np.cos(angles), np.sin(angles)])
    flat = flattened_arc(arc, TOLERANCE_M)
    assert (flat[[0, -1]] == arc[[0, 2]]).all()
    assert (flat == arc[1]).all(axis=1).any()
    middles = (flat[1:] + flat[:-1]) / 2
    strayed = radius - np.hypot(*(middles - centre).T)
    rounding = 1e-3 * TOLERANCE_M + 1e-6 * radius
    assert strayed.max() <= TOLERANCE_M + rounding
    length = np.hypot(*np.diff(flat, axis=0).T).sum()
    assert length <= radius * sweep + rounding
    assert length >= radius * sweep * 0.97  # the whole arc, not its rest: pieces of at most 45°
