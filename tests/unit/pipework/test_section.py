"""Sections: what a line across cuts, in order, at its true depth."""

import numpy as np
import pytest
import shapely

from pipework.pieces import pieces_of
from pipework.section import fullest_section, section_along
from rules.context import EvaluationContext
from tests.tiny_town import line, tiny_town
from tests.unit.pipework.plots import BOOK, TODAY, pipe


def pieces(*rows):
    """Return the pipes of the town."""
    return pieces_of(EvaluationContext(tiny_town(pipelines=rows), BOOK, TODAY))


STREET = (
    pipe("A", "JS", (150, 150), (190, 150)),
    pipe("B", "RQ", (150, 152.5), (190, 152.5), depth_m=None),
    pipe("C", "PS", (150, 148), (190, 148)),
    pipe("D", "TX", (150, 149), (190, 149), laid="overhead"),
    pipe("E", "DL", (150, 160), (190, 160)),
)


def test_a_line_cuts_what_is_buried_from_left_to_right():
    found = section_along(pieces(*STREET), line((170, 140), (170, 155)))
    assert found.pipe.tolist() == [2, 0, 1]
    assert found.at_m == pytest.approx([8.0, 10.0, 12.5], abs=1e-4)


def test_a_pipe_that_is_cut_twice_is_there_twice_and_one_along_the_line_is_not():
    bent = pipe("A", "JS", (160, 145), (180, 145), (180, 150), (160, 150))
    found = section_along(
        pieces(bent, pipe("B", "RQ", (170, 141), (170, 143))), line((170, 140), (170, 155))
    )
    assert found.pipe.tolist() == [0, 0]
    assert found.at_m == pytest.approx([5.0, 10.0], abs=1e-4)


def test_the_fullest_section_is_across_the_pipe_that_has_most_beside_it():
    every = pieces(*STREET)
    found = fullest_section(every, [0, 1, 2, 4], half_m=6.0)
    # Across A at (170, 150) from 144 to 156: A, B and C; across E only E.
    assert sorted(found.pipe.tolist()) == [0, 1, 2]
    assert found.line.length == pytest.approx(12.0)
    assert shapely.get_coordinates(found.line)[:, 0] == pytest.approx([600_170] * 2)
    assert fullest_section(every, [4], half_m=6.0).pipe.tolist() == [4]


def test_there_is_no_section_without_pipes():
    found = fullest_section(pieces(*STREET), [], half_m=6.0)
    assert len(found) == 0
    assert np.shape(found.at_m) == (0,)
