"""What must hold for any text, any ground and any crowd of labels on a sheet."""

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from atlas.canvas import Box, Canvas, GeoFrame
from atlas.fitting import LEAST_PT, fitted, pitch_of
from atlas.ink import TextStyle
from atlas.pdf import Binding, Bookmark, bind
from atlas.placement import Placer, around
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import Fonts, clean
from atlas.view import MapView, fit
from tests.examples import examples

FONTS = Fonts()
FONTS.width("利通区㭎龘", "serif", 9)  # opens the files before any deadline runs
FRAME = Box(10, 20, 180, 140)
PRINTABLE = st.text(
    st.sampled_from("利通区小区楼栋（管线）：，。、《》0123456789 abcXYZ-./#≥≤²㭎龘"), max_size=80
)
millimetres = st.floats(0, 200, allow_nan=False)


@given(PRINTABLE, st.floats(6, 20), st.floats(8, 120))
def test_wrapping_loses_no_character_and_overruns_no_line(text, size, width):
    lines = FONTS.wrap(text, "sans", size, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert FONTS.width(line, "sans", size) <= width + 1e-6 or len(line) == 1


@given(PRINTABLE, st.floats(0, 30), st.floats(10, 60), st.floats(6, 20))
def test_a_fitted_text_keeps_to_its_room_and_is_whole_or_noted_as_cut(text, high, room, size):
    canvas = Canvas(210, 148, FONTS)
    shown, style = fitted(canvas, text, TextStyle(size), room, high)
    assert len(shown) == 1 or len(shown) * pitch_of(style) <= high
    assert LEAST_PT <= style.size <= size
    assert all(FONTS.width(line, "sans", style.size) <= room + 1e-6 for line in shown)
    is_whole = "".join(shown).replace(" ", "") == text.replace(" ", "")
    assert canvas.cut == ([] if is_whole else [text])


@given(st.lists(PRINTABLE, max_size=12), st.floats(12, 60), st.floats(14, 60))
def test_every_letter_of_every_row_is_printed_once_however_low_the_pages(texts, first, later):
    table = PageTable(FONTS, (TableColumn("编号", 1), TableColumn("内容", 3)), 40)
    pages = table.pages([TableRow((str(n), text)) for n, text in enumerate(texts)], first, later)
    printed = "".join("".join(row.cells) for page in pages for row in page)
    wanted = "".join(f"{n}{text}" for n, text in enumerate(texts))
    assert sorted(re.sub(r"\s", "", printed)) == sorted(re.sub(r"\s", "", wanted))


@given(st.lists(PRINTABLE, min_size=1, max_size=8), st.floats(20, 120))
def test_columns_fill_their_table_and_hold_their_words_if_all_of_them_can(heads, width):
    columns = [TableColumn(head, 1 + n) for n, head in enumerate(heads)]
    widths = PageTable(FONTS, columns, width).widths
    assert np.isclose(sum(widths), width)
    words = [FONTS.widest_word(head, "bold", LEAST_PT) + 1.81 for head in heads]
    if sum(words) <= width:
        assert all(own >= word - 1e-6 for own, word in zip(widths, words, strict=True))


@pytest.mark.slow
@given(st.text(max_size=60))
def test_cleaned_text_has_one_line_and_nothing_to_steer_with(text):
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert not any(c in cleaned for c in "\n\r\t\x00\x1b\u202e\u200b\ufeff")


@given(
    st.lists(st.tuples(millimetres, millimetres, st.floats(2, 30), st.floats(2, 6)), max_size=40)
)
@examples(40)
def test_labels_never_overlap_and_never_leave_the_frame(wanted):
    placer = Placer(FRAME)
    boxes = []
    for x, y, w, h in wanted:
        spot = placer.place(*around((x, y), w, h)[:1], w, h, around((x, y), w, h)[1])
        if spot is not None:
            boxes.append(
                shapely.box(
                    spot.x - w / 2 + 1e-6,
                    spot.y - h / 2 + 1e-6,
                    spot.x + w / 2 - 1e-6,
                    spot.y + h / 2 - 1e-6,
                )
            )
    frame = shapely.box(*FRAME.bounds)
    assert all(frame.covers(box) for box in boxes)
    boxes = np.array(boxes, dtype=object)
    tree = shapely.STRtree(boxes)
    first, second = tree.query(boxes, predicate="intersects")
    assert (first == second).all()


@given(st.lists(PRINTABLE, max_size=60), st.floats(30, 120), st.floats(30, 120))
def test_a_table_keeps_every_row_once_and_in_order(texts, first, later):
    table = PageTable(FONTS, (TableColumn("编号", 1), TableColumn("内容", 3)), 90)
    rows = [TableRow((str(n), text)) for n, text in enumerate(texts)]
    pages = table.pages(rows, first, later)
    assert [row for page in pages for row in page] == rows
    for page in pages[1:]:
        height = table.head_height + sum(map(table.height, page))
        assert height <= later or len(page) == 1


@given(
    st.floats(590000, 625000),
    st.floats(4190000, 4225000),
    st.floats(10, 3000),
    st.floats(10, 3000),
)
def test_a_view_holds_the_ground_asked_for_at_a_true_scale(west, south, wide, high):
    view = fit(FRAME, (west, south, west + wide, south + high))
    ground = shapely.box(west, south, west + wide, south + high)
    assert view.window.covers(ground)
    a, b = view.project(np.array([[west, south], [west + wide, south + high]]))
    assert abs((b[0] - a[0]) - wide * 1000 / view.scale) < 1e-6
    assert abs((a[1] - b[1]) - high * 1000 / view.scale) < 1e-6


@given(st.lists(PRINTABLE.filter(str.strip), min_size=1, max_size=5))
@examples(15)
def test_binding_the_same_pages_gives_the_same_bytes(texts):
    def bound():
        pages = []
        for text in texts:
            canvas = Canvas(210, 148, FONTS)
            with canvas.layer("map"):
                canvas.text(10, 20, text, TextStyle(9))
            view = MapView(Box(20, 30, 100, 80), 605000.0, 4206000.0, 500)
            canvas.georeference(GeoFrame(view.box, view.bounds, "图"))
            pages.append(canvas.page())
        entries = [Bookmark(f"{n}", f"{n}") for n in range(len(pages))]
        crs = CRS.from_epsg(4544)
        facts = {"title": "题", "subject": "", "author": "某局", "date": "2023-03-15"}
        return bind(pages, Binding(crs, {"map": "地图"}, entries, **facts), FONTS)

    assert bound() == bound()
