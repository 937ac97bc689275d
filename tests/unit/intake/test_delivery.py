"""Several files at once: the layer each is for, their order, and second thoughts."""

import geopandas as gpd
import openpyxl
import pytest
import shapely

from intake import sandbox
from intake.delivery import Delivery, likely_layer
from intake.reading import DeliveredTable, Field
from layers.district import District
from tests.unit.intake import delivery

DATE = "2026-01-01"


@pytest.fixture(scope="module")
def rows(tiny_demo: District) -> list[delivery.Estate]:
    """Return a dozen new estates half a kilometre from those of the tiny_demo."""
    centre = tiny_demo["estates"].geometry.union_all().centroid
    found = []
    for row in delivery.estates():
        outline = shapely.affinity.translate(
            row.outline, centre.x - 604_500 + 500, centre.y - 4_206_000 + 300
        )
        name = f"新{row.name}"
        found.append(delivery.Estate(f"N-{row.key}", name, row.households, row.area, outline))
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory, tiny_demo, rows):
    """Read a GBK shapefile without .prj and a survey of the same estates, dropped together."""
    folder = tmp_path_factory.mktemp("both")
    delivery.shapefile(folder, rows, reference="EPSG:4523")
    grid = [["小区名称", "60岁以上人口"], *[[row.name, 100 + i] for i, row in enumerate(rows)]]
    survey = delivery.workbook(folder / "a.xlsx", grid)
    paths = [survey, *sorted(folder.glob("小区.*"))]
    reading = sandbox.read(paths, names=[path.name for path in paths])
    return Delivery.of(reading, tiny_demo, DATE)


def number_of(opened: Delivery, name: str) -> int:
    members = [table.member for table in opened.reading.tables]
    return members.index(name)


def settled(opened: Delivery) -> Delivery:
    number = number_of(opened, "小区.shp")
    return opened.with_draft(number, opened.parts[number].draft.choose("crs", "EPSG:4523"))


def test_a_survey_finds_the_estates_of_the_shapefile_it_came_with(both, tiny_demo, rows):
    assert not both.is_ready
    after = settled(both).after["estates"].set_index("estate_id")
    assert len(after) == len(tiny_demo["estates"]) + len(rows)
    assert [after.loc[row.key, "elders"] for row in rows] == [100 + i for i in range(len(rows))]
    outlines = gpd.GeoSeries([row.outline for row in rows]).area.round(1).tolist()
    assert [round(after.geometry[row.key].area, 1) for row in rows] == outlines


def test_the_tables_before_the_one_changed_are_not_computed_again(both):
    done = settled(both)
    shape, survey = number_of(done, "小区.shp"), number_of(done, "a.xlsx")
    later = done.with_draft(survey, done.parts[survey].draft.choose("outside", "keep"))
    assert later.parts[shape] is done.parts[shape]
    assert later.parts[survey] is not done.parts[survey]


@pytest.mark.slow
def test_a_choice_can_be_taken_back_and_is_a_question_again(both):
    number = number_of(both, "小区.shp")
    back = settled(both).with_draft(number, settled(both).parts[number].draft.undo("crs"))
    assert back.questions == both.questions != ()
    assert settled(both).questions == ()


def test_choices_outlive_what_others_change_in_the_district(both, tiny_demo, rows):
    done = settled(both)
    moved = tiny_demo.with_frames(estates=tiny_demo["estates"].assign(address="别处"))
    again = done.against(moved)
    number = number_of(done, "小区.shp")
    assert again.parts[number].draft.choices["crs"] == "EPSG:4523"
    there = again.after["estates"].set_index("estate_id")["address"]
    assert there[tiny_demo["estates"]["estate_id"]].tolist() == ["别处"] * 2
    assert len(there) == len(rows) + 2


def test_a_table_meant_for_another_layer_keeps_what_was_said_of_the_file(both):
    number = number_of(both, "小区.shp")
    other = settled(both).for_layer(number, "green_space")
    assert other.parts[number].draft.spec.name == "green_space"
    assert other.parts[number].draft.choices["crs"] == "EPSG:4523"
    assert number not in other.for_layer(number, "").parts


def test_another_date_stands_beside_every_row(both):
    dates = settled(both).dated("2020-02-03").after["estates"]["source_date"]
    assert (dates == "2020-02-03").sum() == 12


def test_an_id_that_leads_nowhere_costs_its_row_only(tmp_path, tiny_demo):
    east, north = tiny_demo["estates"].total_bounds[:2]
    grid = [
        ["类型", "名称", "所属小区", "X坐标", "Y坐标"],
        ["药店", "甲药店", tiny_demo["estates"]["name"][0], east, north],
        ["药店", "乙药店", "没有这个小区", east, north],
    ]
    reading = sandbox.read(delivery.workbook(tmp_path / "a.xlsx", grid))
    opened = Delivery.of(reading, tiny_demo, DATE)
    assert opened.wanted == {0: "facilities"}
    opened = opened.with_draft(0, opened.parts[0].draft.choose("crs", "EPSG:4544"))
    (receipt,) = opened.receipts
    assert (receipt.read, len(receipt.accepted)) == (2, 1)
    (held,) = receipt.quarantined
    (fault,) = [reason.fault for reason in held.reasons]
    assert (fault.row, fault.label_zh, fault.found) == (3, "所属小区", "'没有这个小区'")
    assert not opened.errors
    assert isinstance(opened.after, District)


@pytest.mark.slow
def test_a_corrected_cell_brings_its_row_in_and_can_be_taken_back(tmp_path, tiny_demo):
    names, counts = (tiny_demo["estates"][column] for column in ("name", "households"))
    grid = [["小区名称", "户数"], [names[0], "很多"], [names[1], int(counts[1]) + 1]]
    reading = sandbox.read(delivery.workbook(tmp_path / "a.xlsx", grid))
    opened = Delivery.of(reading, tiny_demo, DATE)
    draft = opened.parts[0].draft
    assert opened.receipts[0].quarantined_rows == 1
    corrected = opened.with_draft(0, draft.correct(2, "户数", str(counts[0] + 2)))
    assert corrected.receipts[0].quarantined_rows == 0
    assert corrected.after["estates"]["households"].tolist() == [counts[0] + 2, counts[1] + 1]
    back = corrected.with_draft(0, corrected.parts[0].draft.as_delivered(2, "户数"))
    assert back.receipts[0].quarantined_rows == 1


@pytest.mark.parametrize(
    ("headings", "layer"),
    [
        (("小区名称", "户数", "建成年份"), "estates"),
        (("楼栋编号", "层数", "户数", "屋面破损比例"), "buildings"),
        (("管线编号", "管径", "材质", "埋深"), "pipelines"),
        (("甲", "乙", "丙"), ""),
        ((), ""),
    ],
)
def test_a_table_is_for_the_layer_it_looks_like_or_for_none(headings, layer):
    table = DeliveredTable(
        "x.csv", "x", "csv", (1,), tuple(Field(heading, ("1",)) for heading in headings)
    )
    assert likely_layer(table) == layer


def test_lines_are_never_taken_for_estates():
    line = shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)]))
    fields = (Field("小区名称", ("甲",)), Field("户数", (1,)))
    assert (
        likely_layer(DeliveredTable("x.shp", "小区", "shapefile", (1,), fields, (line,)))
        != "estates"
    )


def test_a_delivered_name_is_never_a_path(tmp_path, tiny_demo):
    path = delivery.workbook(
        tmp_path / "0", [["小区名称", "户数"], [tiny_demo["estates"]["name"][0], 3]]
    )
    reading = sandbox.read(path, names=["../../etc/甲.xlsx"])
    (table,) = reading.tables
    assert table.member == reading.name == "../../etc/甲.xlsx"
    assert Delivery.of(reading, tiny_demo, DATE).parts[0].draft.origin.name == "../../etc/甲.xlsx"


@pytest.mark.slow
def test_a_sheet_left_blank_is_left_out(tmp_path, tiny_demo):
    name = tiny_demo["estates"]["name"][0]
    path = delivery.workbook(tmp_path / "a.xlsx", [["小区名称", "户数"], [name, 3]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("楼栋").append(["楼栋编号", "层数"])
    book.save(path)
    reading = sandbox.read(path)
    wanted = Delivery.of(reading, tiny_demo, DATE).wanted
    assert [reading.tables[number].name for number in wanted] == ["普查表"]
