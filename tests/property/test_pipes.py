"""Pipes at random: crossing, side by side, in parts, with gaps in what is known of them."""

from datetime import date

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given
from shapely import affinity

from pipework.crossings import at_crossings
from pipework.neighbours import near_pipes, neighbours
from pipework.pieces import pieces_of
from rules.book import load_book
from rules.context import EvaluationContext
from rules.model import Book
from tests.examples import examples
from tests.second.pipes import above, beside, crossings
from tests.tiny_town import EAST, NORTH, frame, tiny_town

QUIET = examples(60, suppress_health_check=tuple(HealthCheck))
BOOK = load_book()
TOWN = tiny_town()
TODAY = date(2026, 11, 30)

KINDS = st.sampled_from(
    [
        ("JS", "JP"),
        ("PS", "WS"),
        ("PS", "YS"),
        ("PS", "HS"),
        ("PS", None),
        ("RQ", "TR"),
        ("RL", None),
        ("DL", "GD"),
        ("TX", None),
        ("BM", None),
        ("GY", None),
    ]
)
# Whole tenths of a metre, near enough together that most pipes have to do with each other.
PLACE = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(lambda p: (p[0] / 10, p[1] / 10))
PART = st.lists(PLACE, min_size=2, max_size=4, unique=True)
UNKNOWN = st.none()


@st.composite
def pipes(draw):
    """Return a pipe, of one part or two."""
    kind, sub = draw(KINDS)
    return {
        "kind": kind,
        "sub_kind": sub,
        "parts": draw(st.lists(PART, min_size=1, max_size=2)),
        "diameter_mm": draw(st.sampled_from([50.0, 200.0, 400.0]) | UNKNOWN),
        "depth_m": draw(st.sampled_from([0.6, 1.0, 1.3, 2.0]) | UNKNOWN),
        "accuracy_m": draw(st.sampled_from([0.0, 0.05, 0.2]) | UNKNOWN),
        "pressure": draw(st.sampled_from(["low", "medium_a", "sub_high_b"]) | UNKNOWN),
        "laid": draw(st.sampled_from(["direct", "duct", "trench"]) | UNKNOWN),
    }


NETWORKS = st.lists(pipes(), min_size=2, max_size=5)


def shape(pipe):
    """Return a pipe's geometry, in the town's coordinates."""
    lines = [[(EAST + x, NORTH + y) for x, y in part] for part in pipe["parts"]]
    return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)


def is_clean(network):
    """Return whether no pipe lies on itself or along another: then places are points."""
    drawn = [shape(pipe) for pipe in network]
    alone = all(one.is_simple for one in drawn)
    return alone and not any(
        one.intersection(other).length for place, one in enumerate(drawn) for other in drawn[:place]
    )


def held(network, book: Book = BOOK, moved=lambda shape: shape, names=None):
    """Return what is said of every two pipes, beside each other and where they cross."""
    names = names or [f"P{n}" for n in range(len(network))]
    rows = [
        {
            **{key: value for key, value in pipe.items() if key != "parts"},
            "pipe_id": name,
            "geometry": moved(shape(pipe)),
        }
        for name, pipe in zip(names, network, strict=True)
    ]
    district = TOWN.with_frames(pipelines=frame("pipelines", rows))
    pieces = pieces_of(EvaluationContext(district, book, TODAY))
    pairs = neighbours(pieces, book)
    keys = pieces.table["pipe_id"].to_numpy()
    found = {}
    for check in (near_pipes, at_crossings):
        for row in check(pieces, book, pairs).itertuples():
            pair = frozenset((keys[row.pipe], row.object_id))
            found.setdefault((row.check, pair), []).append((row.verdict, row.measured))
    return found


@given(NETWORKS)
@QUIET
def test_every_pair_is_as_the_plain_evaluation_says(network):
    assume(is_clean(network))
    found = held(network)
    for second, other in enumerate(network):
        for first, one in enumerate(network[:second]):
            pair = frozenset((f"P{first}", f"P{second}"))
            expected = beside(one, other)
            ((verdict, measured),) = found.pop(("pipe", pair), [(None, None)])
            assert verdict == (expected and expected[0])
            if expected:
                assert measured == pytest.approx(expected[1], abs=2e-4)
            crossed = found.pop(("crossing", pair), [])
            if one["kind"] == other["kind"]:
                continue  # perhaps a junction
            said = above(one, other)
            places = {(round(x, 3), round(y, 3)) for x, y in crossings(one, other)}
            assert len(crossed) == (len(places) if said else 0)
            assert {verdict for verdict, _ in crossed} <= {said}
    assert all(check == "crossing" for check, _ in found)


@given(NETWORKS, st.randoms(use_true_random=False), st.floats(0, 360), st.floats(-500, 500))
@QUIET
def test_neither_order_nor_turning_nor_moving_changes_an_answer(network, random, angle, east):
    assume(is_clean(network))
    names = [f"P{n}" for n in range(len(network))]
    shuffled = list(zip(network, names, strict=True))
    random.shuffle(shuffled)

    def moved(line):
        turned = affinity.rotate(line, angle, origin=(EAST, NORTH))
        return affinity.translate(turned, east, 77.7)

    before = held(network)
    after = held([pipe for pipe, _ in shuffled], moved=moved, names=[name for _, name in shuffled])
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        if one is None or other is None or key[0] == "crossing":
            # At the edge of what is listed, and in a touch, a tenth of a millimetre decides.
            continue
        assert other[0][1] == pytest.approx(one[0][1], abs=1e-3)
        if not _at_an_edge(one[0][1]):
            assert other[0][0] == one[0][0]


def _at_an_edge(measured):
    """Return whether a distance is so near a figure, or one less a doubt, that the grid decides."""
    tenths = measured * 40  # figures and doubts are multiples of 0.025 m
    return abs(tenths - round(tenths)) < 0.02


RANK = {"short": 0, "verify": 1, "met": 2}


@given(NETWORKS, st.data())
@QUIET
def test_what_is_not_known_makes_nothing_certain(network, data):
    assume(is_clean(network))
    place = data.draw(st.integers(0, len(network) - 1))
    known = [name for name, value in network[place].items() if value and name != "parts"]
    lost = data.draw(st.sampled_from([*known]))
    blank = {"kind": "BM", "sub_kind": None} if lost == "kind" else {lost: None}
    less = [*network]
    less[place] = {**network[place], **blank}
    before, after = held(network), held(less)
    for key, rows in before.items():
        mine = [verdict for verdict, _ in after.get(key, [])]
        for verdict, _ in rows:
            if verdict == "short":
                assert mine
                assert "met" not in mine
    for key, rows in after.items():
        known_before = [verdict for verdict, _ in before.get(key, [])]
        for verdict, _ in rows:
            if verdict == "short":
                assert set(known_before) == {"short"}


def widened(by_m: float) -> Book:
    """Return the rulebook with every figure of the tables larger."""
    from dataclasses import replace  # noqa: PLC0415

    def wider(table):
        rows = tuple(
            row.model_copy(update={"figures": {k: m + by_m for k, m in row.figures.items()}})
            for row in table.rows
        )
        return table.model_copy(update={"rows": rows})

    own = BOOK.clearances
    tables, across = (tuple(map(wider, some)) for some in (own.tables, own.crossings))
    return replace(BOOK, clearances=replace(own, tables=tables, crossings=across))


@given(NETWORKS, st.sampled_from([0.1, 0.5, 2.0]))
@QUIET
def test_a_larger_figure_never_makes_what_is_too_near_kept(network, by_m):
    assume(is_clean(network))
    before, after = held(network), held(network, book=widened(by_m))
    crossed = {pair for check, pair in (*before, *after) if check == "crossing"}
    for key, rows in before.items():
        if key[0] == "pipe" and key[1] in crossed | _touching(network):
            continue  # more of what crosses is left to the crossing
        worst = min(RANK[verdict] for verdict, _ in rows)
        assert min(RANK[verdict] for verdict, _ in after[key]) <= worst


def _touching(network):
    """Return the pairs whose lines meet."""
    return {
        frozenset((f"P{first}", f"P{second}"))
        for second, other in enumerate(network)
        for first, one in enumerate(network[:second])
        if shape(one).intersects(shape(other))
    }


def test_the_networks_have_every_answer():
    """No property above is empty: of a thousand networks some pairs get each answer."""
    random = np.random.default_rng(7)
    kinds = [("JS", None), ("PS", "WS"), ("RQ", None)]
    said = set()
    for _ in range(20):
        network = []
        for _ in range(5):
            kind, sub = kinds[random.integers(3)]
            at = [tuple(p) for p in random.integers(0, 90, (2, 2)) / 10]
            pipe = {"kind": kind, "sub_kind": sub, "parts": [at], "diameter_mm": 50.0}
            network.append({**pipe, "accuracy_m": 0.05, "depth_m": 1.0, "pressure": "low"})
        if is_clean(network) and all(len(set(p["parts"][0])) == 2 for p in network):
            said |= {(key[0], v) for key, rows in held(network).items() for v, _ in rows}
    assert {("pipe", "short"), ("pipe", "met"), ("crossing", "short")} <= said
