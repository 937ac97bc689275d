"""Gates: what walks depend on is where walkways and gates are, not how walkways are divided."""

from datetime import date

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import assume, given

from layers.district import District
from rules import walking
from rules.book import load_book
from rules.context import EvaluationContext
from tests.examples import examples
from tests.property.towns import have_one_foot
from tests.tiny_town import EAST, NORTH, UNITS, facility, line, point, streets, tiny_town

TODAY = date(2026, 11, 23)
BOOK = load_book(("ningxia", "wuzhong", "litong"))
FAR_M = 5_000.0
NEAR_M = 0.05  # what the 0.1 mm grid and the width of a cut may do to a walk

# In and around estate B, whose outline is the square from (310, 10) to (390, 90).
near = st.integers(0, 170).map(lambda step: 291.3 + 0.7 * step)
spot = st.tuples(near, near.map(lambda x: x - 300))
bends = st.lists(spot, min_size=2, max_size=5, unique=True)
side = st.sampled_from([(0, 1), (1, 0), (0, -1), (-1, 0)])
state = st.sampled_from(["open", "closed", None])


@st.composite
def gates(draw, least=0):
    """Return entrances of B somewhere on its outline, a metre off it at most."""
    found = []
    for number, (x, y) in enumerate(draw(st.lists(side, min_size=least, max_size=4))):
        along, off = draw(st.integers(-38, 38)), draw(st.integers(-1, 1))
        at = (350 + x * (40 + off) + y * along, 50 + y * (40 + off) + x * along)
        row = {"entrance_id": f"G{number}", "estate_id": "B", "state": draw(state)}
        found.append(row | {"geometry": point(*at)})
    return found


@st.composite
def paths(draw):
    """Return walkways that begin at a crossing, at each other's ends or nowhere."""
    known, found = [(300, 0), (400, 100)], []
    for some in draw(st.lists(bends, max_size=4)):
        begin = draw(st.sampled_from([*known, some[0]]))
        found.append(line(begin, *some[1:]))
        known.append(some[-1])
    along = draw(st.sampled_from([None, 8.6, 10.0, 11.3]))
    if along is not None:  # a pavement beside the southern wall
        found.append(line((300, 0), (302.2, along), (391.7, along), (400, 0)))
    inner = [xy for one in found for xy in one.coords[1:-1]]
    assume(not set(inner) & {end for one in found for end in (one.coords[0], one.coords[-1])})
    return [one for one in found if one.length > 0]


def town(lines, some_gates, places) -> District:
    """Return the town with walkways, gates and kindergartens."""
    rows = [{"walkway_id": f"P{i}", "geometry": one} for i, one in enumerate(lines)]
    kindergartens = [facility(f"K{i}", "kindergarten", *xy) for i, xy in enumerate(places)]
    inside = UNITS[2] | {"unit_id": "B-1-2", "geometry": point(351.9, 48.2)}
    return tiny_town(
        walkways=[*streets(), *rows],
        entrances=some_gates,
        facilities=kindergartens,
        units=[*UNITS, inside],
    )


def walks(district: District) -> np.ndarray:
    """Return the walk from every door to every kindergarten, inf where there is none."""
    context = EvaluationContext(district, BOOK, TODAY)
    found = walking.pairs(context, "facilities", ("kindergarten",), FAR_M)
    shape = len(context.doors.points), len(context.rows("facilities", ("kindergarten",)))
    distance = np.full(shape, np.inf)
    distance[found.origin, found.facility] = found.distance
    return distance


def divided(lines):
    """Return lines in pieces from vertex to vertex, each of them halved."""
    return [
        line_of
        for one in lines
        for begin, end in zip(one.coords[:-1], one.coords[1:], strict=True)
        for middle in [(np.array(begin) + end) / 2]
        for line_of in (shapely.LineString([begin, middle]), shapely.LineString([middle, end]))
    ]


def are_joined_as_before(lines, places):
    """Return whether dividing joins no lines anew and leaves every place one nearest spot."""
    pieces = divided(lines)
    vertices = [xy for one in pieces for xy in one.coords]
    ends = {xy for one in lines for xy in (one.coords[0], one.coords[-1])}
    new = [xy for xy in vertices if xy not in ends]  # each once as an end and once as a start
    everything = [*pieces, *(row["geometry"] for row in streets())]
    points = np.add([*door_points, *places], [EAST, NORTH])
    return len(new) == 2 * len(set(new)) and have_one_foot(
        np.array(everything, dtype=object), points, within_m=0.001
    )


@examples(60)
@given(lines=paths(), some_gates=gates(), places=st.lists(spot, min_size=1, max_size=4))
def test_dividing_walkways_never_changes_a_walk(lines, some_gates, places):
    assume(are_joined_as_before(lines, places))
    whole = walks(town(lines, some_gates, places))
    pieces = walks(town(divided(lines), some_gates, places))
    np.testing.assert_allclose(pieces, whole, atol=NEAR_M)


@examples(60)
@given(
    lines=paths(),
    some_gates=gates(least=1),
    number=st.integers(0, 3),
    places=st.lists(spot, min_size=1, max_size=4),
)
def test_closing_a_gate_never_shortens_a_walk(lines, some_gates, number, places):
    before = walks(town(lines, some_gates, places))
    closed = some_gates[number % len(some_gates)] | {"state": "closed"}
    some_gates[number % len(some_gates)] = closed
    after = walks(town(lines, some_gates, places))
    assert (after >= before - NEAR_M).all()


@examples(60)
@given(lines=paths(), some_gates=gates(least=1), places=st.lists(spot, min_size=1, max_size=4))
def test_with_every_gate_closed_nobody_walks_in_or_out(lines, some_gates, places):
    shut = [gate | {"state": "closed"} for gate in some_gates]
    at = np.array(places) - [350, 50]
    inside, outside = (np.abs(at) < 35).all(axis=1), (np.abs(at) > 40).any(axis=1)
    reached = np.isfinite(walks(town(lines, shut, places)))
    assume(reached.shape[1] == len(places))  # records of one place are one place
    for door in range(len(reached)):
        x, y = door_points[door]
        is_deep = 315 < x < 385 and 15 < y < 85
        other = outside if is_deep else inside
        if is_deep or not (310 <= x <= 390 and 10 <= y <= 90):
            assert not reached[door][other].any()


door_points = [(50, 10), (90, 60), (350, 10), (351.9, 48.2), (550, 110)]


def test_the_doors_are_where_the_tests_above_look_for_them():
    context = EvaluationContext(town([], [], [(0, 0)]), BOOK, TODAY)
    assert np.allclose(context.doors.points - [EAST, NORTH], door_points)
