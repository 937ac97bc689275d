"""Edits: what a difference says is what applying it makes, taken back, composed or written down."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edits
from geo.errors import DataError
from layers.district import District
from tests.examples import examples
from tests.tiny_town import ALL_KINDS, CRS_4544, ESTATES, facility, frame, line, point

SOME = examples(30)
places = st.integers(0, 6_000).map(lambda tenths: tenths / 10)
names = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
metres = st.none() | st.floats(0, 30) | st.just(-0.0)


@st.composite
def districts(draw):
    """Return a district of estates, buildings of some of them, facilities, trees and walkways."""
    estates = draw(st.lists(st.sampled_from(ESTATES), unique_by=lambda row: row["estate_id"]))
    home = st.none() | st.sampled_from([row["estate_id"] for row in estates] or [None])
    rows = {
        "estates": [{**row, "households": draw(st.integers(0, 9))} for row in estates],
        "facilities": [
            facility(
                key, draw(st.sampled_from(["shop", "park"])), draw(places), 5, estate_id=draw(home)
            )
            for key in draw(st.sets(st.sampled_from("abc")))
        ],
        "trees": [
            {
                "tree_id": key,
                "kind": "tree",
                "species": draw(names),
                "crown_m": draw(metres),
                "geometry": point(draw(places), 0),
            }
            for key in draw(st.sets(st.sampled_from("uvw")))
        ],
        "walkways": [
            {"walkway_id": key, "geometry": line((draw(places), 1), (draw(places), 7))}
            for key in draw(st.sets(st.sampled_from("xy")))
        ],
    }
    given_layers = draw(st.sets(st.sampled_from(sorted(rows)))) | {k for k, v in rows.items() if v}
    kinds = {row["kind"] for row in rows["facilities"]} | draw(
        st.sets(st.sampled_from(sorted(ALL_KINDS)), max_size=2)
    )
    return District.from_frames(
        {name: frame(name, rows[name]) for name in given_layers},
        crs=CRS_4544,
        name="小镇",
        surveyed_kinds=frozenset(kinds),
    )


def shuffled(edit):
    """Return an equal edit, made of its rows the other way round."""
    parts = {
        name: edits.LayerEdit.of_rows(name, reversed(list(one.rows())), edit.crs)
        for name, one in edit.layers.items()
    }
    return replace(edit, layers=parts)


@given(districts(), districts())
@SOME
def test_applying_the_difference_of_two_districts_makes_the_second_of_the_first(one, other):
    edit = edits.difference(one, other)
    assert edits.apply(one, edit).version == other.version
    assert bool(edit) == (one.version != other.version)


@given(districts(), districts())
@SOME
def test_an_edit_taken_back_leaves_no_trace(one, other):
    assert one.version  # its totals are known, so those after an edit are sums and differences
    edit = edits.difference(one, other)
    after = edits.apply(one, edit)
    back = edits.apply(after, edit.inverted())
    assert (after.version, back.version) == (other.version, one.version)
    assert replace(after).totals == after.totals  # second method: summed anew over all rows


@pytest.mark.slow
@given(districts(), districts(), districts(), districts())
@SOME
def test_composing_is_associative_and_does_what_one_edit_after_the_other_does(a, b, c, d):
    first, second, third = (edits.difference(*pair) for pair in ((a, b), (b, c), (c, d)))
    whole = first.then(second).then(third)
    assert edits.to_json(whole) == edits.to_json(first.then(second.then(third)))
    assert edits.to_json(whole) == edits.to_json(edits.difference(a, d))
    assert not first.then(first.inverted())


@pytest.mark.slow
@given(districts(), districts())
@SOME
def test_json_keeps_an_edit_to_the_last_digit_whatever_the_order_of_its_rows(one, other):
    edit = edits.difference(one, other)
    text = edits.to_json(edit)
    back = edits.from_json(text)
    assert edits.to_json(back) == edits.to_json(shuffled(edit)) == text
    assert (
        edits.apply(one, back).version == edits.apply(one, shuffled(edit)).version == other.version
    )


@given(districts(), districts(), districts())
@SOME
def test_an_edit_of_other_rows_is_refused_or_does_the_same(one, other, third):
    """An edit either finds its rows as it expects them, or changes nothing."""
    edit = edits.difference(one, other)
    try:
        after = edits.apply(third, edit)
    except DataError:
        return
    kept = edits.apply(after, edit.inverted(), assumed=True)
    for name in edit.layers:
        assert kept.digests[name] == third.digests[name]


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_a_text_that_is_no_edit_is_refused_in_words(text):
    with pytest.raises(DataError, match="edit"):
        edits.from_json(text)


@given(districts(), districts())
@SOME
def test_an_assumption_makes_nothing_surveyed_and_the_same_rows(one, other):
    edit = edits.difference(one, other)
    after = edits.apply(one, edit, assumed=True)
    assert (after.surveyed, after.surveyed_kinds) == (one.surveyed, one.surveyed_kinds)
    assert after.digests == other.digests
