"""Codes of another build: exact in the content, and never seen by whoever judges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edits
import layers
from layers.district import District
from layers.unknown_codes import joined, unknown_codes
from tests.examples import examples
from tests.tiny_town import CRS_4544, ESTATES, facility, frame, point

SOME = examples(25)


@st.composite
def districts(draw):
    """Return a district whose estates, trees and facilities may have codes that nobody knows."""
    nature = st.sampled_from(["surveyed", "surveyed", "surveyed", "measured"])
    rows = {
        "estates": [{**row, "provenance": draw(nature)} for row in ESTATES],
        "trees": [
            {
                "tree_id": key,
                "kind": draw(st.sampled_from(["tree", "shrub", "palm"])),
                "estate_id": draw(st.sampled_from([None, "A"])),
                "geometry": point(1, 1),
            }
            for key in draw(st.sets(st.sampled_from("uvw")))
        ],
        "facilities": [
            facility(key, "shop", 1, 1, state=draw(st.sampled_from(["open", "mothballed"])))
            for key in draw(st.sets(st.sampled_from("xyz")))
        ],
    }
    frames = {name: frame(name, some) for name, some in rows.items()}
    found = {name: unknown_codes(name, one) for name, one in frames.items()}
    return District.from_frames(frames, crs=CRS_4544, name="小镇", unknown_codes=found)


@given(districts())
@SOME
def test_what_is_read_has_known_codes_alone_and_every_row_is_read_or_has_a_reason(district):
    for name in ("estates", "trees", "facilities"):
        whole, read, spec = district.frames[name], district[name], layers.ALL[name]
        assert spec.faults(read) == []
        left_out = whole[~whole[spec.key].isin(read[spec.key])]
        unread = district.unknown_codes.get(name, {})
        for _, row in left_out.iterrows():
            assert any(row[column] in codes for column, codes in unread.items())
        if not unread and len(district["estates"]) == len(district.frames["estates"]):
            assert read is whole


@pytest.mark.slow
@given(districts(), districts())
@SOME
def test_an_edit_between_districts_with_codes_of_another_build_is_exact(one, other):
    edit = edits.difference(one, other)
    both = joined(one.unknown_codes, other.unknown_codes)
    wider = District.from_frames(
        {name: one.frames[name] for name in one.surveyed},
        crs=one.crs,
        name=one.name,
        surveyed_kinds=one.surveyed_kinds,
        unknown_codes=both,
    )
    assert wider.version == one.version
    after = edits.apply(wider, edits.from_json(edits.to_json(edit)))
    assert after.version == other.version
    assert edits.apply(after, edit.inverted()).version == one.version
