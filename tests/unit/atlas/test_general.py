"""General maps and crowded places: close-ups, numbers with names, symbols that step aside."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.compose import compose, context_of
from atlas.mapframe import MapFrame
from atlas.outline import plan_pages
from atlas.request import Request, Volume
from atlas.sheets.close_up import crowded
from atlas.sheets.estate_map import estate_view
from atlas.sheets.general import centres_of
from atlas.sheets.index_map import parts_of
from atlas.view import BETWEEN, SCALES, MapView, fit
from rules.book import load_book

REQUEST = Request("2023-03-15", "V0.3", sheets=("index_map",))
FRAME = Box(30, 30, 260, 260)


@pytest.fixture(scope="module")
def book():
    return load_book()


def spread(district, places):
    """Return the district with its first estate copied to `places` [m]."""
    first = district["estates"].iloc[:1]
    table = pd.concat([first] * len(places), ignore_index=True)
    table = table.assign(estate_id=[f"X{n}" for n in range(len(places))])
    shapes = [shapely.box(x, y, x + 100, y + 100) for x, y in places]
    estates = gpd.GeoDataFrame(table, geometry=shapes, crs=district.crs)
    keep = {name: frame.iloc[:0] for name, frame in district.frames.items() if name != "towns"}
    return district.with_frames(**(keep | {"estates": estates}))


def view_of(context):
    bounds = tuple(float(value) for value in context.estates.total_bounds)
    return fit(FRAME, bounds, margin=4, scales=(5000, 10000, 25000, 50000, 100000))


def test_estates_that_crowd_in_a_corner_are_enlarged(district, findings, book):
    places = [(605000 + 200 * n, 4206000 + 150 * n) for n in range(9)] + [(598000, 4198000)]
    context = context_of(spread(district, places), findings, book, None, REQUEST)
    general = view_of(context)
    near = crowded(centres_of(context), general)
    inside = shapely.within(shapely.centroid(context.estates.geometry.array), near.window)
    assert inside.sum() == 9
    assert near.scale <= general.scale / 2
    booklet = compose(context)
    whole, enlarged = (scale for scale, _ in booklet.reports[0].scales)
    assert enlarged <= whole / 2
    assert booklet.reports[0].unplaced == []


def test_estates_spread_evenly_are_not_enlarged(district, findings, book):
    places = [(598000 + 1500 * (n % 4), 4198000 + 1500 * (n // 4)) for n in range(16)]
    context = context_of(spread(district, places), findings, book, None, REQUEST)
    assert crowded(centres_of(context), view_of(context)) is None


def test_plates_at_one_place_stand_side_by_side(district, findings, book):
    places = district["facilities"].copy()
    spot = shapely.Point(605060, 4206020)
    places = places.set_geometry([spot] * len(places), crs=district.crs)
    crowd = district.with_frames(facilities=places)
    context = context_of(crowd, findings, book, None, REQUEST)
    canvas = Canvas(420, 297, context.fonts)
    frame = MapFrame(canvas, estate_view(context, "E1"), context.style, "E1")
    spots = np.concatenate(
        [
            shapely.get_coordinates(frame.draw(key, context.feature_source).shapes)
            for key in ("elder", "waste")
        ]
    )
    assert len(spots) == 2
    assert np.abs(spots[0] - spots[1]).max() >= context.style.themes["elder"].size


def test_a_town_map_prints_each_number_with_its_name(district, findings, book):
    request = dataclasses.replace(REQUEST, sheets=("town",))
    booklet = compose(context_of(district, findings, book, None, request))
    assert all(report.unplaced == [] for report in booklet.reports)
    assert all("index_number" in report.drawn for report in booklet.reports)


@pytest.mark.slow
def test_a_district_of_very_many_estates_is_numbered_on_sheets_of_its_own(district, findings, book):
    places = [(598000 + 300 * (n % 20), 4198000 + 300 * (n // 20)) for n in range(300)]
    context = context_of(spread(district, places), findings, book, None, REQUEST)
    parts = parts_of(context)
    # every estate stands on one sheet of the index, none on two
    assert sorted(place for part in parts for place in part.places) == list(range(300))
    booklet = compose(context)
    assert [page_plan.number for page_plan in booklet.page_plans] == [
        "A1",
        *(part.number for part in parts),
    ]
    assert all(report.unplaced == [] for report in booklet.reports)
    assert "index_sheet" in booklet.reports[0].drawn
    assert all("index_number" in report.drawn for report in booklet.reports[1:])


def test_sheets_of_an_index_print_a_dash_where_no_households_are_known(district, findings, book):
    places = [(598000 + 300 * (n % 20), 4198000 + 300 * (n // 20)) for n in range(60)]
    many = spread(district, places)
    unknown = many["estates"].assign(households=pd.array([pd.NA] * 60, dtype="Int64"))
    context = context_of(many.with_frames(estates=unknown), findings, book, None, REQUEST)
    assert len(compose(context).page_plans) == 1 + len(parts_of(context)) > 1


@pytest.mark.slow
def test_no_two_sheets_of_a_booklet_have_the_same_number(district, findings, book):
    places = [(598000 + 300 * (n % 20), 4198000 + 300 * (n // 20)) for n in range(60)]
    request = Request("2023-03-15", "V0.3", volume=Volume.FULL)
    context = context_of(spread(district, places), findings, book, None, request)
    numbers = [page_plan.number for page_plan in plan_pages(context)]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_the_scale_are_written_whole_at_every_scale(
    district, findings, book, language
):
    context = context_of(district, findings, book, None, REQUEST)
    canvas = Canvas(420, 297, context.fonts)
    written = []
    canvas.text = lambda x, _, text, style, **__: written.append((x, text, style))
    for scale in (*SCALES, *BETWEEN):
        view = MapView(FRAME, 600_000, 4_200_000, scale)
        box = Box(50, 50, *furniture.scale_bar_size(canvas, view, "A3", language))
        written.clear()
        furniture.draw_scale_bar(canvas, box, view, "A3", language)
        x, note, style = written[-1]
        assert note.startswith(f"1:{scale:,}")
        assert f"{scale / 100:g} m" in note
        half = context.fonts.width(note, style.face, style.size) / 2
        assert box.x < x - half
        assert x + half < box.right


def test_an_english_map_calls_towns_in_english(district, findings, monkeypatch):
    named = []
    label = MapFrame.label
    monkeypatch.setattr(
        MapFrame,
        "label",
        lambda self, name, *a, **k: named.append(name) or label(self, name, *a, **k),
    )
    book = load_book(("ningxia", "wuzhong", "litong"))
    request = dataclasses.replace(REQUEST, language="en")
    compose(context_of(district, findings, book, None, request))
    assert {"Jinxing Town", "Shengli Town"} <= set(named)
    assert "金星镇" not in named
