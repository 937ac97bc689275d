# ruff: noqa: E501 - rows are written out
"""Intake: whatever is wrong with whichever row, accepted + quarantined = read; choices can be undone."""

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given

import layers
from intake import encoding, wire
from intake.acceptance import accept
from intake.coordinates import number
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from intake.reading import DeliveredTable, Field, Note, OfferedRepair, Refusal, RowFlaw
from tests.examples import examples
from tests.unit.intake import delivery

ROWS = delivery.estates()
ORIGIN = TableOrigin("x", "0" * 64, "2023-04-01")
with np.errstate(invalid="ignore"):
    NOT_FINITE = shapely.Polygon([(6e5, 4.2e6), (np.nan, 4.2e6), (6.1e5, 4.3e6), (6e5, 4.2e6)])
TROUBLES = (
    "none",
    "null",
    "empty",
    "bow-tie",
    "far",
    "year",
    "word",
    "key",
    "bytes",
    "flaw",
    "nan",
)


def table(troubles, lost, codec):
    """Return a table of the estates in EPSG:4544, each row with its trouble, in `codec`."""
    keys, names, counts, wkb, flaws, mended = [], [], [], [], [], {}
    for at, (row, trouble) in enumerate(zip(ROWS, troubles, strict=True)):
        x, y = row.outline.bounds[:2]
        shape = {
            "null": None,
            "empty": shapely.Polygon(),
            "far": shapely.box(0, 0, 1, 1),
            "nan": NOT_FINITE,
            "bow-tie": shapely.Polygon([(x, y), (x + 9, y + 9), (x + 9, y), (x, y + 9)]),
        }.get(trouble, row.outline)
        keys.append((ROWS[0].key if trouble == "key" else row.key).encode())
        names.append(b"\xff\xff" if trouble == "bytes" else row.name.encode(codec))
        counts.append(
            "很多".encode(codec)
            if trouble == "word"
            else -1
            if trouble == "year"
            else row.households
        )
        wkb.append(None if shape is None else shapely.to_wkb(shape))
        if trouble == "flaw":
            flaws.append(RowFlaw(at + 1, "dbf.deleted"))
        if trouble == "bow-tie":
            whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
            mended[at] = OfferedRepair("repair.make_valid", "x", shapely.to_wkb(whole))
    gone = (RowFlaw(len(ROWS) + 1, "dbf.cut", "", b"x", lost),) if lost else ()
    fields = (
        Field(b"estate_id", keys),
        Field("小区名称".encode(codec), names),
        Field("户数".encode(codec), counts),
    )
    return DeliveredTable(
        "a.shp", "a", "shapefile", range(1, 13), fields, wkb, mended, tuple(flaws), gone
    )


def settled(draft):
    """Return the draft with two rows at one place taken as two, should it be asked."""
    is_asked = "twice" in [question.step for question in draft.questions]
    return draft.choose("twice", "both") if is_asked else draft


troubled = st.tuples(
    st.lists(st.sampled_from(TROUBLES), min_size=len(ROWS), max_size=len(ROWS)),
    st.integers(0, 5),
    st.sampled_from(["utf-8", "gb18030"]),
)


@examples(40)
@given(troubled)
def test_accepted_and_quarantined_are_all_that_was_read(given_):
    troubles, lost, codec = given_
    draft = ImportDraft(table(*given_), layers.ALL["estates"], delivery.PLACE, ORIGIN)
    draft = draft.choose("crs", "EPSG:4544").choose("encoding", codec)
    receipt = accept(settled(draft))
    assert receipt.read == len(ROWS) + lost == len(receipt.accepted) + receipt.quarantined_rows
    sound = {at + 1 for at, trouble in enumerate(troubles) if trouble == "none"}
    assert sound <= set(receipt.accepted_rows) | {1}  # row 1 may lose its key to a twin before it
    assert set(receipt.accepted["name"]) <= {row.name for row in ROWS}
    held = {one.row for one in receipt.quarantined if one.count == 1}
    wrong = {at + 1 for at, t in enumerate(troubles) if t not in ("none", "key")}
    assert wrong <= held | {len(ROWS) + 1}


@examples(25)
@given(troubled, st.sampled_from(["EPSG:4523", "EPSG:32648", "GCJ-02", "EPSG:4544/yx"]))
def test_a_choice_undone_leaves_no_trace(given_, other):
    draft = ImportDraft(table(*given_), layers.ALL["estates"], delivery.PLACE, ORIGIN)
    draft = draft.choose("crs", "EPSG:4544").choose("encoding", given_[2])
    there_and_back = draft.choose("crs", other).undo("crs").choose("crs", "EPSG:4544")
    assert there_and_back.choices == draft.choices
    assert accept(settled(there_and_back)).accepted.equals(accept(settled(draft)).accepted)


def as_text_if_ascii(cell):
    """Return bytes of ASCII as text, which is the same in every encoding; any other cell as is."""
    return cell.decode() if isinstance(cell, bytes) and max(cell, default=0) < 128 else cell


@given(troubled)
@examples(25)
def test_a_reading_comes_back_from_the_wire_as_it_went(given_):
    sent = table(*given_)
    (again,) = wire.parse(b"".join(wire.table_lines(sent))).tables
    there = [[as_text_if_ascii(cell) for cell in f.cells] for f in sent.fields]
    assert [list(f.cells) for f in again.fields] == there
    assert (list(again.rows), again.lost, again.flaws) == (
        list(range(1, 13)), sent.lost, sent.flaws,
    )  # fmt: skip
    assert again.mended == sent.mended


@given(
    st.text(st.characters(min_codepoint=0, max_codepoint=0xFFFF, exclude_categories=()), max_size=9)
)
def test_any_text_crosses_the_wire_whatever_half_characters_it_has(text):
    sent = DeliveredTable(
        text, text, "geojson", [1], (Field(text, [text]),), notes=(Note("x", text),)
    )
    (again,) = wire.parse(b"".join(wire.table_lines(sent))).tables
    (told,) = wire.parse(wire.refused_line(Refusal(text, "x", text))).refused
    for name in (again.member, again.name, again.notes[0].detail, told.member, told.detail):
        assert name == wire.readable(text)
        name.encode("utf-8")
    is_text = not any("\ud800" <= sign <= "\udfff" for sign in text)
    (cell,) = again.fields[0].cells
    assert cell == text if is_text else isinstance(cell, bytes)


chinese = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12
)


@given(chinese, st.sampled_from(["utf-8", "gb18030"]), st.integers(0, 3))
def test_text_cut_in_the_middle_of_a_character_loses_that_character_only(text, codec, cut):
    raw = text.encode(codec)
    raw = raw[: len(raw) - cut]
    read, was_cut = encoding.run(raw, codec)
    if read is not None:
        assert text.startswith(read)
        assert was_cut == (read.encode(codec) != raw)


@given(st.floats(-180, 180))
def test_degrees_minutes_and_seconds_are_read_to_a_hundredth_of_a_millimetre(value):
    # By hand: whole ten-millionths of a second, written out; a second is about 30 m.
    ticks = round(abs(value) * 3600e7)
    degrees, rest = divmod(ticks, 3600 * 10**7)
    minutes, rest = divmod(rest, 60 * 10**7)
    text = f"{degrees}°{minutes}′{rest // 10**7}.{rest % 10**7:07d}″{'W' if value < 0 else 'E'}"
    assert number(text) == pytest.approx(value, abs=1e-10)
