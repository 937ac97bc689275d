"""The review: faults, indicators and totals by hand; workbook, package and review agree."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely

import answer_key
from exports.greening_book import greening_workbook
from exports.greening_csv import clearances_csv
from exports.greening_package import greening_package
from greening.design import DesignFault, completed, design_faults
from greening.review import Review, review
from greening.species import read_species
from greening.workflow import WHOLE_DISTRICT, EventKind, GreeningEvent, Role
from layers.district import District
from rules.book import load_book
from rules.model import Book
from tests.unit.greening.scene import ESTATE, SURVEYED, TOWN, bed, district, gas, lived, tree

SPECIES = read_species()
AS_OF = date(2023, 4, 1)
LAWN = {
    "green_id": "L1",
    "kind": "estate",
    "estate_id": "e1",
    "geometry": shapely.box(0, 20, 30, 30),
}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def scene(**layers: object) -> District:
    given = {"greening_sites": [bed()], "estates": [ESTATE], "towns": [TOWN], "green_space": [LAWN]}
    return district(**(given | layers))


def reviewed(place: District, book: Book, *events: GreeningEvent) -> Review:
    """Review a district after events."""
    place, written = lived(place, *events)
    return review(place, book, read_species(), AS_OF, events=written)


def move(to: str, data_version: str = "v") -> GreeningEvent:
    role = Role.TOWN if to in ("planted", "survival") else Role.BUREAU
    payload = {"to": to, "comment": "按期复查"}
    at = "2023-05-01T08:00:00+08:00"
    return GreeningEvent("bed", EventKind.MOVE, "甲", role, at, data_version, payload)


def count(name: str, fate: str) -> GreeningEvent:
    payload = {"planting_id": name, "fate": fate}
    at = "2023-09-01T08:00:00+08:00"
    return GreeningEvent("bed", EventKind.COUNT, "乙", Role.TOWN, at, "v", payload)


def test_the_report_names_doubles_and_what_lies_outside() -> None:
    rows = [
        tree("a", 5, 4),
        tree("b", 5.2, 4),  # 0.2 m beside a
        tree("c", 5, 50),  # outside the estate and the bed
        tree("d", 5, 12),  # in the estate, outside the bed
        tree("e", 9, 4, site_id=None),
        tree("f", 0, 0),  # on the edge of the bed
        tree("g", 90, 90, state="removed"),
    ]
    faults = design_faults(scene(plantings=rows), 0.3, SPECIES)
    assert faults.to_numpy().tolist() == [
        ["b", DesignFault.DUPLICATE, "a"],
        ["c", DesignFault.OUTSIDE_ESTATE, "e1"],
        ["c", DesignFault.OUTSIDE_SITE, "bed"],
        ["d", DesignFault.OUTSIDE_SITE, "bed"],
        ["e", DesignFault.NO_SITE, ""],
    ]


def test_a_drawing_that_says_only_where_is_completed_from_where_it_says_it() -> None:
    bare = {"site_id": None, "estate_id": None, "kind": None, "number": None}
    rows = [
        tree("a", 5, 4, **bare | {"species_id": "LH-乔木-国槐"}),  # in the bed, by layer
        tree("b", 7, 4, **bare | {"species_id": "紫丁香"}),  # a shrub of the catalogue
        tree("c", 35, 25, **bare | {"species_id": "LH-灌木-未名"}),  # in the estate alone
        tree("d", 90, 90, **bare | {"species_id": "TREE1"}),  # in nothing, of nothing
        tree("e", 9, 4, species_id="国槐", number="7"),  # said in full
        tree("f", 11, 4, **bare | {"species_id": "国槐-白蜡"}),  # two names: nobody's
    ]
    whole = completed(scene(plantings=rows), SPECIES)["plantings"].set_index("planting_id")
    columns = ["site_id", "estate_id", "kind", "species_id", "number"]
    found = whole[columns].astype(object).where(whole[columns].notna(), None)
    assert found.to_numpy().tolist() == [
        ["bed", "e1", "tree", "sophora_japonica", "a"],
        ["bed", "e1", "shrub", "syringa_oblata", "b"],
        [None, "e1", "shrub", "LH-灌木-未名", "c"],
        [None, None, "tree", "TREE1", "d"],
        ["bed", "e1", "tree", "sophora_japonica", "7"],
        ["bed", "e1", "tree", "国槐-白蜡", "f"],
    ]
    again = completed(completed(scene(plantings=rows), SPECIES), SPECIES)
    assert again.version == completed(scene(plantings=rows), SPECIES).version


def test_every_planting_of_a_file_is_sound_or_has_faults(book: Book) -> None:
    rows = [tree(str(i), i, 4, source="甲.dxf") for i in range(6)]
    rows += [tree("x", 5.1, 4, source="乙.shp"), tree("y", 90, 90, source="乙.shp")]
    rows += [tree("z", 12, 4, source="乙.shp", species_id="?")]
    report = reviewed(scene(plantings=rows), book).report.set_index("source")
    assert report.loc["甲.dxf", ["read", "sound"]].tolist() == [6, 6]
    # x doubles 5; y lies outside estate and bed, one planting with two faults; z is of no species.
    assert report.loc["乙.shp"].tolist() == [3, 0, 1, 1, 1, 0, 1]


def test_a_layers_own_counts_begin_the_record(book: Book) -> None:
    rows = [tree("a", 5, 4, is_alive=True), tree("b", 9, 4, is_alive=False), tree("c", 13, 4)]
    place = scene(greening_sites=[bed(state="survival")], plantings=rows)
    begun = reviewed(place, book).survival.iloc[0]
    assert begun[["planted", "alive", "dead", "uncounted"]].tolist() == [3, 1, 1, 1]
    later = reviewed(place, book, count("b", "replanted"), count("c", "alive"))
    assert later.survival.iloc[0][["alive", "replanted", "dead"]].tolist() == [2, 1, 0]


@pytest.mark.slow
def test_another_acceptance_rate_holds_on_page_in_workbook_and_in_the_finding(book: Book) -> None:
    place = scene(plantings=[tree("a", 5, 4), tree("b", 12, 4)])
    path = [move("checked"), move("supplied"), move("planted")]
    counts = [count("a", "alive"), count("b", "dead")]
    payload = {"rate": 0.5, "comment": "干旱年份，经研究"}
    day = "2023-09-02T08:00"
    rate = GreeningEvent(WHOLE_DISTRICT, EventKind.RATE, "马工", Role.BUREAU, day, "v", payload)
    found = reviewed(place, book, *path, *counts, rate)
    assert (found.least_rate, found.rulebook_rate) == (0.5, 0.95)
    assert found.survival["meets"].tolist() == [True]
    rule = found.indicators.set_index("rule_id").loc["green.survival"]
    assert (rule["threshold"], rule["outcome_after"]) == (0.5, "met")
    cover = openpyxl.load_workbook(io.BytesIO(greening_workbook(found)))["说明"]
    said = {row[0].value: row[1].value for row in cover.iter_rows(min_row=4) if row[0].value}
    assert said["成活率验收标准"] == 0.5
    assert "干旱年份" in said["验收标准依据"]


def test_verdicts_by_estate_and_town_add_up_to_the_check(town: Review) -> None:
    own = town.found.plants[town.found.plants["plant_layer"] == "plantings"]
    for sums in (town.by_estate, town.by_town):
        assert sums["plantings"].sum() == len(own)
        for verdict, count_of in own["verdict"].value_counts().items():
            assert sums[verdict].sum() == count_of
        area = town.district["greening_sites"].geometry.area.sum()
        assert sums["site_m2"].sum() == pytest.approx(area)


def test_failures_per_area_are_of_the_sites_of_an_estate(book: Book) -> None:
    # Bed of 160 m2; two of three trees stand 0.5 m beside the gas main: 2 / 160 * 1000 = 12.5.
    rows = [tree("a", 5, 0.5), tree("b", 9, 0.5), tree("c", 15, 6)]
    counts = reviewed(scene(pipelines=[gas()], plantings=rows), book).by_estate.iloc[0]
    assert (counts["short"], counts["met"]) == (2, 1)
    assert counts["failing_per_1000_m2"] == pytest.approx(12.5)


@pytest.mark.slow
def test_shade_is_the_length_of_path_under_crowns(book: Book) -> None:
    # A path of 40 m through the estate; a crown of 4 m upon it, later one of 3 m (malus) beside.
    path = {"walkway_id": "w", "kind": "path", "geometry": shapely.LineString([(-10, 2), (30, 2)])}
    standing = {"tree_id": "t", "kind": "tree", "crown_m": 4.0, "geometry": shapely.Point(0, 2)}
    unseen = {"tree_id": "u", "kind": "tree", "geometry": shapely.Point(20, 2)}
    walked = SURVEYED | {"walkways"}
    place = scene(surveyed=walked, walkways=[path], trees=[standing], plantings=[tree("a", 10, 2)])
    area = reviewed(place, book).areas.iloc[0]
    assert area["path_m"] == pytest.approx(40.0)
    assert area["shaded_before_m"] == pytest.approx(4.0, abs=0.01)
    assert area["shaded_after_m"] == pytest.approx(7.0, abs=0.02)
    assert area["shade_after"] == pytest.approx(0.175, abs=0.001)
    # A crown nobody measured shades nothing and is counted; where it is the only one: unknown.
    more = scene(surveyed=walked, walkways=[path], trees=[standing, unseen])
    area = reviewed(more, book).areas.iloc[0]
    assert (area["crowns_unknown"], round(area["shaded_before_m"], 1)) == (1, 4.0)
    blind = scene(surveyed=walked, walkways=[path], trees=[unseen])
    assert pd.isna(reviewed(blind, book).areas.iloc[0]["shade_before"])
    # Walkways never surveyed: unknown, not nothing.
    assert pd.isna(reviewed(scene(trees=[standing]), book).areas.iloc[0]["path_m"])


def test_a_new_bed_adds_its_ground_once(book: Book) -> None:
    # Estate 50 x 40 m; lawn 30 x 10 = 300 m2; bed 20 x 8 = 160 m2, doubled by a second site.
    place = scene(greening_sites=[bed(), bed(site_id="again")])
    areas = reviewed(place, book).areas.iloc[0]
    assert areas["land_m2"] == pytest.approx(2000.0)
    assert areas["green_before_m2"] == pytest.approx(300.0)
    assert areas["green_after_m2"] == pytest.approx(460.0)
    assert areas["ratio_after"] == pytest.approx(0.23)
    per_household = book.demography["persons_per_household"].value
    assert areas["persons"] == pytest.approx(40 * per_household)


def test_a_kept_bed_and_covered_ground_add_nothing(book: Book) -> None:
    square = {"paving_id": "p", "kind": "square", "geometry": shapely.box(0, 0, 20, 4)}
    kept = reviewed(scene(greening_sites=[bed(kind="keep")]), book)
    assert kept.areas["green_after_m2"].iloc[0] == pytest.approx(300.0)
    paved = reviewed(scene(paving=[square]), book)
    assert paved.areas["green_after_m2"].iloc[0] == pytest.approx(380.0)


def test_the_green_rule_answers_before_and_after(book: Book) -> None:
    table = reviewed(scene(), book).indicators.set_index("rule_id")
    ratio = table.loc["green.ratio.old"]
    assert ratio["before"] == pytest.approx(0.15)
    assert ratio["after"] == pytest.approx(0.23)
    assert (ratio["outcome_before"], ratio["outcome_after"]) == ("short", "short")


@pytest.mark.slow
def test_a_counted_estate_answers_the_survival_rule(book: Book) -> None:
    place = scene(plantings=[tree("a", 5, 4), tree("b", 12, 4)])
    path = [move("checked"), move("supplied"), move("planted")]
    half = reviewed(place, book, *path, count("a", "alive"))
    table = half.indicators.set_index("rule_id")
    assert table.loc["green.survival", "outcome_after"] == "unknown"
    whole = reviewed(place, book, *path, count("a", "alive"), count("b", "dead"))
    rule = whole.indicators.set_index("rule_id").loc["green.survival"]
    assert (rule["after"], rule["outcome_after"]) == (0.5, "short")
    assert whole.survival["rate"].tolist() == [0.5]


@pytest.mark.slow
def test_a_check_of_other_data_is_stale(book: Book) -> None:
    place = scene(pipelines=[gas()], plantings=[tree("a", 5, 4)])
    seen = reviewed(place, book).versions["bed"]
    checked = move("checked", seen)
    assert not reviewed(place, book, checked).is_stale("bed")
    moved = scene(pipelines=[gas(depth_m=None)], plantings=[tree("a", 5, 4)])
    assert reviewed(moved, book, checked).is_stale("bed")


@pytest.mark.parametrize(("day", "caution"), [("2023-12-31", ""), ("2024-01-01", "CJJT75-2023")])
def test_a_superseded_table_is_said(book: Book, day: str, caution: str) -> None:
    found = review(scene(), book, read_species(), date.fromisoformat(day))
    assert found.caution == caution


def test_states_and_counts_keep_the_geometry_and_recount_the_rest(book: Book) -> None:
    place = scene(plantings=[tree("a", 5, 4)])
    first = reviewed(place, book)
    found, supply = first.found, int(first.seedlings["to_supply"].sum())
    moved = reviewed(place, book, move("checked"), move("supplied"))
    assert moved.design_key == first.design_key
    again = moved.with_geometry_of(first)
    assert again.found is found
    elsewhere = scene(plantings=[tree("a", 5, 4.1)])
    assert reviewed(elsewhere, book).design_key != first.design_key
    assert (supply, int(again.seedlings["to_supply"].sum())) == (1, 0)


@pytest.fixture(scope="module")
def town() -> Review:
    known = answer_key.build("tiny", 2023).district
    return review(known, load_book(overlays=known.overlays), read_species(), AS_OF)


@pytest.mark.slow
def test_workbook_and_review_have_the_same_totals(town: Review) -> None:
    book = openpyxl.load_workbook(io.BytesIO(greening_workbook(town)))
    for title, table, column, label in (
        ("苗木表", town.seedlings, "count", "株数（株）"),
        ("苗木汇总", town.seedlings, "to_supply", "待供株数（株）"),
        ("成活（绿化点）", town.survival, "designed", "设计株数（株）"),
        ("成活（乡镇）", town.survival, "designed", "设计株数（株）"),
        ("面积（小区）", town.areas, "green_after_m2", "实施后绿地（m²）"),
        ("面积（乡镇）", town.areas, "land_m2", "用地面积（m²）"),
    ):
        sheet = book[title]
        heads = [cell.value for cell in sheet[1]]
        cells = [row[heads.index(label)].value for row in sheet.iter_rows(min_row=2)]
        assert str(cells[-1]).startswith("=SUM("), title
        assert sum(v for v in cells[:-1] if v is not None) == pytest.approx(table[column].sum())


@pytest.mark.slow
def test_poles_kerbs_and_fire_ground_say_how_far_their_figures_are_verified(
    town: Review,
) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(greening_workbook(town)))["净距核查"]
    heads = [cell.value for cell in sheet[1]]
    layer, verified = heads.index("对象图层"), heads.index("核实程度")
    said = {(row[layer].value, row[verified].value) for row in sheet.iter_rows(min_row=2)}
    lines = clearances_csv(town).decode("utf-8-sig").splitlines()
    table = list(csv.DictReader(lines))
    for name, label, expected in (
        ("poles", "杆柱", {"一处二手来源", "待核"}),  # 1.5 m in one commentary, lamps from memory
        ("paving", "铺装", {"待核", "约定值"}),  # shrubs on carriageways are a rule of our own
        ("fire_lanes", "消防车道与登高场地", {"两处来源", "已见条文"}),
    ):
        marks = {mark for found, mark in said if found in {name, label}}
        assert marks == expected, name
        assert {r["核实程度"] for r in table if r["对象图层"] == label} == expected
    assert {row["结论"] for row in table} == {"净距不足", "需探测核实", "满足"}
    assert len(table) == len(town.found.pairs)


@pytest.mark.slow
def test_no_text_of_the_workbook_is_a_formula(book: Book) -> None:
    hostile = scene(
        plantings=[tree("=1+1", 5, 4, number="=cmd|' /C calc'!A0")],
        towns=[TOWN | {"name": "=[x]:*?/'"}],
    )
    path = [move("checked"), move("supplied"), move("planted"), count("=1+1", "dead")]
    place, events = lived(hostile, *path)
    found = review(place, book, read_species(), AS_OF, events=events)
    content = greening_workbook(found, events=events)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert str(cell.value).startswith("=SUM("), (sheet.title, cell.coordinate)


def test_the_package_holds_every_pair_and_suggestion(town: Review, tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    greening_package(town, path)
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute(
            "SELECT (SELECT count(*) FROM greening_clearances), "
            "(SELECT count(*) FROM greening_suggestions), (SELECT count(*) FROM plantings)"
        ).fetchone()
    assert rows == (
        len(town.found.pairs),
        len(town.suggested),
        len(town.district["plantings"]),
    )


@pytest.mark.slow
def test_the_same_review_twice_gives_the_same_tables(town: Review) -> None:
    again = review(town.district, town.book, town.species, AS_OF)
    for name in ("survival", "seedlings", "areas", "indicators", "faults"):
        one, two = getattr(town, name), getattr(again, name)
        assert one.to_csv().encode() == two.to_csv().encode()
    assert pd.DataFrame(town.found.pairs).to_csv() == pd.DataFrame(again.found.pairs).to_csv()
    assert town.suggested == again.suggested
