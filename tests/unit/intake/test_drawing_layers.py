# ruff: noqa: E501 - names are written out
"""Of a drawing only what is called after the layer is taken; what is written and attached are columns."""

import shutil

import pytest
from typer.testing import CliRunner

from intake import drawing as drawings
from intake.acceptance import accept
from intake.delivery import Delivery, likely_layer
from intake.request import ImportRequest, open_delivery, undecided
from jobs.cli import app
from store import open_store, write_district
from tests.unit.intake import known
from tests.unit.intake.cad import X, Y, drawing, houses, manholes, outlines, saved
from tests.unit.intake.delivery import NAMES, columns, estates
from tests.unit.intake.known import asked

MEANT = [
    ("JMD", "buildings"), ("房屋", "buildings"), ("房屋轮廓线", "buildings"), ("A-BLDG-OTLN", "buildings"), ("现状建筑", "buildings"), ("xref$0$JMD", "buildings"),
    ("小区红线", "estates"), ("用地红线", "estates"), ("小区建筑", "buildings"), ("小区绿地", "green_space"), ("住宅小区", "estates"), ("ＪＭＤ", "buildings"),
    ("GXYZ", "pipelines"), ("地下管线", "pipelines"), ("给水管", "pipelines"), ("管线设施", "pipelines"), ("路灯", "poles"), ("围墙", "walls"), ("停车位", "parking"),
    ("DLSS", "paving"), ("小区道路", "paving"), ("人行道", "walkways"), ("消防车道", "fire_lanes"), ("LH-乔木-国槐", "plantings"), ("行道树", "trees"),
]  # fmt: skip
BESIDE = [
    "ZJ", "房屋注记", "建筑红线", "TK", "图框", "检查井", "GX-污水井", "KZD", "GCD", "等高线", "JMD-阳台", "道路设施", "栏杆", "建筑轴线", "DIM_建筑", "小区文字", "Defpoints",
]  # fmt: skip


@pytest.mark.parametrize(("name", "layer"), MEANT)
def test_the_last_word_of_a_name_says_what_is_drawn(name, layer):
    assert layer in drawings.meant(name)


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_drawn_beside_is_of_no_layer(name):
    assert drawings.meant(name) == frozenset()


@pytest.mark.parametrize("name", ["0", "图层1", "Layer 3", "新建图层", "AB12", "", "红色", "PUB"])
def test_a_name_that_says_nothing_means_nothing(name):
    assert drawings.meant(name) is None


def opened(reading, layer, **more):
    request = ImportRequest("2023-04-01", layer, **more)
    return open_delivery(reading, known.district(), request, None)


def taken(reading, layer, **more):
    delivery = opened(reading, layer, **more)
    return {
        delivery.reading.tables[n].name: delivery.reading.tables[n].read for n in delivery.parts
    }


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010", "R2018"])
@pytest.mark.parametrize(
    ("of_houses", "of_manholes"), [("JMD", "GXYZ"), ("房屋", "检查井"), ("建筑轮廓", "0")]
)
def test_manholes_are_no_buildings(tmp_path, read, version, of_houses, of_manholes):
    document, space = drawing(version)
    houses(space, of_houses)
    manholes(document, of_manholes)
    reading = read(saved(document, tmp_path / "总图.dxf"))
    assert taken(reading, "buildings") == {f"{of_houses} · 面": 6}
    assert taken(reading, "pipelines") == {}  # outlines and points are no lines


def test_layers_without_a_telling_name_are_asked_about_unless_there_is_one(tmp_path, read):
    document, space = drawing()
    houses(space, "0")
    manholes(document, "GXYZ")
    reading = read(saved(document, tmp_path / "a.dxf"))
    assert taken(reading, "buildings") == {"0 · 面": 6}
    outlines(space, "图层1")
    reading = read(saved(document, tmp_path / "a.dxf"))
    request = ImportRequest("2023-04-01", "buildings")
    assert [table.name for table in undecided(reading, request)] == ["0 · 面", "图层1 · 面"]
    assert taken(reading, "buildings") == {}
    assert taken(reading, "buildings", tables=("0 · 面",)) == {"0 · 面": 6}
    assert set(taken(reading, "buildings", tables=("0 · 面", "图层1 · 面"))) == {
        "0 · 面",
        "图层1 · 面",
    }


def test_houses_that_may_be_gone_are_asked_about(tmp_path, read):
    document, space = drawing()
    houses(space, "拆除房屋")
    reading = read(saved(document, tmp_path / "a.dxf"))
    request = ImportRequest("2023-04-01", "buildings")
    assert [table.name for table in undecided(reading, request)] == ["拆除房屋 · 面"]
    houses(space, "房屋")
    reading = read(saved(document, tmp_path / "a.dxf"))
    assert undecided(reading, request) == ()
    assert taken(reading, "buildings") == {"房屋 · 面": 6}


def test_texts_are_no_facilities(tmp_path, read):
    document, space = drawing()
    for i in range(5):
        space.add_text(f"{i}号", dxfattribs={"layer": "A1", "insert": (X + i, Y)})
    space.add_point((X, Y), dxfattribs={"layer": "B1"})
    reading = read(saved(document, tmp_path / "a.dxf"))
    assert taken(reading, "facilities") == {"B1 · 点": 1}


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        ("JMD", "buildings"),
        ("小区红线", "estates"),
        ("绿地", "green_space"),
        ("0", ""),
        ("GXYZ", ""),
        ("图框", ""),
    ],
)
def test_on_the_page_a_drawing_layer_is_offered_for_what_it_is_called(
    tmp_path, read, layer, wanted
):
    document, space = drawing()
    outlines(space, layer)
    (table,) = read(saved(document, tmp_path / "a.dxf")).tables
    assert likely_layer(table) == wanted


def test_the_text_inside_an_outline_is_proposed_as_its_name_and_asked_about(tmp_path, read, draft):
    document, space = drawing()
    outlines(space, "小区红线")
    for row in estates():
        space.add_text(
            row.name, dxfattribs={"layer": "小区红线", "insert": row.outline.centroid.coords[0]}
        )
    table = next(
        t for t in read(saved(document, tmp_path / "a.dxf")).tables if t.name.endswith("面")
    )
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == ["column:name"]
    first = one.proposal("column:name").candidates[0]
    assert first.value == "text"
    assert "利水南苑" in first.evidence[0].zh
    assert set(accept(one.choose("column:name", "text")).accepted["name"]) == set(NAMES)
    assert accept(one.choose("column:name", "")).accepted["name"].isna().all()


def test_texts_of_several_layers_are_a_column_each(tmp_path, read, draft):
    # A note of the surveyors on its buildings is not the name of an estate.
    document, space = drawing()
    outlines(space, "小区红线", estates(1))
    houses(space, "JMD", 3)
    space.add_text("利水南苑", dxfattribs={"layer": "注记", "insert": (X + 80, Y + 70)})
    table = next(
        t for t in read(saved(document, tmp_path / "a.dxf")).tables if t.name == "小区红线 · 面"
    )
    one = draft(table).choose("crs", "EPSG:4544")
    assert one.columns["text"] == ("砖3；砖4；砖5；利水南苑",)
    assert one.columns["text JMD"] == ("砖3；砖4；砖5",)
    assert "text 注记" in [c.value for c in one.proposal("column:name").candidates if c.score > 0.5]
    assert accept(one.choose("column:name", "text 注记")).accepted["name"].tolist() == ["利水南苑"]


def test_an_outline_with_nothing_inside_is_not_asked_for_a_name(tmp_path, read, draft):
    document, space = drawing()
    outlines(space, "小区红线", estates(3))
    (table,) = read(saved(document, tmp_path / "a.dxf")).tables
    assert asked(draft(table).choose("crs", "EPSG:4544")) == []


XDATA = [
    ([(1000, "141101")], {"SOUTH": "141101"}), ([(1000, "141101"), (1000, "3")], {"SOUTH": "141101", "SOUTH.2": "3"}),
    ([(1000, "户数=96")], {"户数": "96"}), ([(1000, "名称：利水南苑"), (1040, 12.5)], {"名称": "利水南苑", "SOUTH": 12.5}),
    ([(1070, 6), (1071, 70_000)], {"SOUTH": 6, "SOUTH.2": 70_000}), ([(1002, "{"), (1000, "a"), (1002, "}")], {"SOUTH": "a"}),
    ([(1000, "C:\\图\\a.jpg")], {"SOUTH": "C:\\图\\a.jpg"}), ([(1000, "12:30")], {"SOUTH": "12:30"}), ([(1010, (1, 2, 3))], {}),
    ([(1000, "=1+1")], {"SOUTH": "=1+1"}),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), XDATA)
def test_extended_data_are_columns(tmp_path, read, data, said):
    document, space = drawing()
    document.appids.add("SOUTH")
    line = space.add_lwpolyline(
        [(X, Y), (X + 9, Y), (X + 9, Y + 9)], dxfattribs={"layer": "JMD"}, close=True
    )
    line.set_xdata("SOUTH", data)
    (table,) = read(saved(document, tmp_path / "a.dxf")).tables
    found = columns(table)
    assert {
        name: cells[0]
        for name, cells in found.items()
        if name not in ("handle", "layer", "block", "text")
    } == said


def test_attributes_of_blocks_are_columns_of_the_place_and_of_its_pieces(tmp_path, read, draft):
    document, space = drawing()
    block = document.blocks.new("小区")
    block.add_lwpolyline([(0, 0), (90, 0), (90, 60), (0, 60)], close=True)
    for tag in ("户数", "NAME"):
        block.add_attdef(tag, (10, 10))
    for i in range(3):
        insert = space.add_blockref("小区", (X + 100 * i, Y), dxfattribs={"layer": "小区红线"})
        insert.add_auto_attribs(
            {"户数": str(96 + i), "NAME": NAMES[i]} if i < 2 else {"户数": "98"}
        )
    tables = {table.name: table for table in read(saved(document, tmp_path / "a.dxf")).tables}
    for name in ("小区红线 · 面", "小区红线 · 图块"):
        assert columns(tables[name])["户数"] == ["96", "97", "98"]
        assert columns(tables[name])["NAME"] == [*NAMES[:2], None]
    one = draft(tables["小区红线 · 面"]).choose("crs", "EPSG:4544")
    assert one.mapping["households"] == "户数"
    receipt = accept(one if not asked(one) else one.choose("column:name", "NAME"))
    assert receipt.accepted["households"].tolist() == [96, 97]
    assert receipt.quarantined_rows == 1  # an estate needs a name


def of_two_layers(tmp_path, read):
    document, space = drawing()
    outlines(space, "小区红线", estates(4))
    houses(space, "JMD")
    return Delivery.of(read(saved(document, tmp_path / "a.dxf")), known.district(), "2023-04-01")


def test_a_drawing_is_one_delivery_with_one_question_of_its_reference(tmp_path, read):
    delivery = of_two_layers(tmp_path, read)
    assert {delivery.wanted[n] for n in delivery.parts} == {"estates", "buildings"}
    assert [q.step for q in delivery.questions].count("crs") == 1


@pytest.mark.parametrize("at", [0, 1])
def test_the_answer_for_one_layer_of_a_drawing_is_that_of_all_and_can_be_taken_back(
    tmp_path, read, at
):
    delivery = of_two_layers(tmp_path, read)
    number = list(delivery.parts)[at]
    said = delivery.with_draft(number, delivery.parts[number].draft.choose("crs", "EPSG:4544"))
    chosen = [part.draft.proposal("crs").chosen for part in said.parts.values()]
    assert chosen == ["EPSG:4544", "EPSG:4544"]
    again = said.with_draft(number, said.parts[number].draft.undo("crs"))
    assert [part.draft.proposal("crs").chosen for part in again.parts.values()] == [None, None]
    other = said.with_draft(number, said.parts[number].draft.choose("crs", "EPSG:32648"))
    assert [p.draft.proposal("crs").chosen for p in other.parts.values()] == ["EPSG:32648"] * 2
    names = {n: "" for n in said.parts if n != number}
    alone = said.for_layer(*next(iter(names.items())))
    assert [part.draft.proposal("crs").chosen for part in alone.parts.values()] == ["EPSG:4544"]
    assert alone.parts[number].draft.crs_of_file is None


def test_an_answer_about_columns_of_one_layer_leaves_the_others_as_they_are(tmp_path, read):
    delivery = of_two_layers(tmp_path, read)
    first, second = delivery.parts
    said = delivery.with_draft(second, delivery.parts[second].draft.choose("repair", "none"))
    assert said.parts[first] is delivery.parts[first]


def imported(folder, *more):
    found = CliRunner().invoke(app, ["import", str(folder), *map(str, more)])
    return found.exit_code, found.output


def test_the_command_names_the_layers_it_asks_about_and_writes_nothing(tmp_path):
    folder = tmp_path / "D"
    write_district(known.district(), folder)
    document, space = drawing()
    houses(space, "0")
    outlines(space, "图层1")
    path = saved(document, tmp_path / "总图.dxf")
    before = open_store(folder).read().version
    code, said = imported(folder, path, "--layer", "buildings", "--crs", "EPSG:4544", "--yes")
    assert code == 4
    assert "0 · 面" in said
    assert "图层1 · 面" in said
    assert open_store(folder).read().version == before
    code, said = imported(
        folder, path, "--layer", "buildings", "--crs", "EPSG:4544", "--table", "0 · 面", "--column", "name=", "--key", "generate", "--yes"
    )  # fmt: skip
    assert code in {0, 3}, said
    shutil.rmtree(folder)


def test_the_command_asks_for_the_reference_of_a_drawing_once(tmp_path):
    folder = tmp_path / "D"
    write_district(known.district(), folder)
    document, space = drawing()
    outlines(space, "小区红线", estates(4))
    houses(space, "JMD")
    code, said = imported(folder, saved(document, tmp_path / "总图.dxf"), "--yes")
    assert code == 4
    assert said.count("--crs") == 1


def test_an_outline_of_a_table_for_lines_is_not_taken_for_one_because_it_could_be_mended(
    tmp_path, read
):
    document, space = drawing()
    bow = [(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)]
    space.add_lwpolyline(bow, dxfattribs={"layer": "围墙"}, close=True)
    space.add_lwpolyline([(X, Y), (X + 50, Y)], dxfattribs={"layer": "围墙"})
    reading = read(saved(document, tmp_path / "a.dxf"))
    crossed = next(table for table in reading.tables if table.name == "围墙 · 面")
    assert crossed.mended
    assert list(taken(reading, "walls")) == ["围墙 · 线"]


def test_an_entity_that_is_broken_costs_itself(tmp_path, read):
    # The line that names the layer of one block is gone, as in a damaged file.
    document, space = drawing()
    houses(space, "JMD", 3)
    manholes(document, "GXYZ", 3)
    text = saved(document, tmp_path / "a.dxf").read_text("utf-8")
    head, tail = text.split("INSERT\n", 1)
    layerless = tail.replace("  8\nGXYZ\n", "999\nx\n", 1)
    (tmp_path / "a.dxf").write_text(f"{head}INSERT\n{layerless}", "utf-8")
    reading = read(tmp_path / "a.dxf")
    assert reading.refused == ()
    found = {table.name: table.read for table in reading.tables}
    assert found["JMD · 面"] == 3
    assert found["GXYZ · 图块"] + found["0 · 图块"] == 3


def test_of_the_layer_of_houses_only_what_has_the_code_of_one_becomes_a_building(tmp_path, read):
    document, space = drawing()
    document.appids.add("SOUTH")
    codes = ["141101", "141200", "140001", "144301", "141400", None]  # a balcony, a wall, a ruin
    for i, code in enumerate(codes):
        x, y = X + 40 * i, Y + 200
        corners = [(x, y), (x + 12, y), (x + 12, y + 30), (x, y + 30)]
        line = space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "JMD"})
        if code:
            line.set_xdata("SOUTH", [(1000, code)])
    document.saveas(tmp_path / "a.dxf")
    (table,) = read(tmp_path / "a.dxf").tables
    receipt = accept(known.draft(table, "buildings").choose("crs", "EPSG:4544"))
    assert len(receipt.accepted) == 3
    assert [held.reasons[0].detail for held in receipt.quarantined] == [
        "140001",
        "144301",
        "141400",
    ]


LIES = [
    ("R2000", "gb18030", b"ANSI_936", b"ANSI_1252"),
    ("R2000", "gb18030", b"ANSI_936", b"UTF-8"),
    ("R2000", "gb18030", b"ANSI_936", b"ANSI_950"),
    ("R12", "gb18030", b"ANSI_936", b"ANSI_1252"),
    ("R2000", "big5", b"ANSI_950", b"ANSI_936"),
]


@pytest.mark.parametrize(("version", "codec", "true", "said"), LIES)
def test_names_of_layers_are_read_whatever_code_page_the_header_claims(
    tmp_path, read, version, codec, true, said
):
    document, space = drawing(version)
    document.encoding = codec
    layer = "房屋建築" if codec == "big5" else "房屋建筑"
    houses(space, layer)
    space.add_text("一號樓" if codec == "big5" else "一号楼", dxfattribs={"layer": layer})
    path = saved(document, tmp_path / "a.dxf")
    raw = path.read_bytes().replace(b"ANSI_1252", true)
    path.write_bytes(raw.replace(true, said))
    tables = read(path).tables
    assert {table.name.partition(" ")[0] for table in tables} == {layer}
    assert any(note.rule == "dxf.encoding" for note in tables[0].notes)


def test_a_new_drawing_in_gbk_is_read_and_one_in_another_language_is_left_alone(tmp_path, read):
    document, space = drawing("R2010")
    houses(space, "房屋建筑")
    path = saved(document, tmp_path / "a.dxf")
    path.write_bytes(path.read_bytes().decode().encode("gb18030"))
    assert all(table.name.startswith("房屋建筑") for table in read(path).tables)
    document, space = drawing("R2000")
    houses(space, "Öffentliche Gebäude")
    tables = read(saved(document, tmp_path / "b.dxf")).tables
    assert all(table.name.startswith("Öffentliche") for table in tables)


def test_a_drawing_that_reads_well_in_two_encodings_is_asked_about(tmp_path, read, draft):
    # Of 华家湖 and 花湖 every byte pair is an everyday character of GB 2312 and of Big5.
    document, space = drawing("R2000")
    document.encoding = "gb18030"
    names = ["华家湖", "花湖"]
    for at, name in enumerate(names):
        x = 604_500 + 40 * at
        corners = [(x, 4_206_000), (x + 12, 4_206_000), (x + 12, 4_206_030), (x, 4_206_030)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "JMD"})
        space.add_text(name, dxfattribs={"layer": "JMD", "insert": (x + 6, 4_206_020)})
    path = saved(document, tmp_path / "a.dxf")
    path.write_bytes(path.read_bytes().replace(b"ANSI_936", b"ANSI_1252"))
    (table,) = [table for table in read(path).tables if table.name.endswith("面")]
    asked = draft(table, "buildings")
    step = asked.proposal("encoding")
    assert not step.is_settled
    assert {"gb18030", "big5"} <= {one.value for one in step.candidates}
    assert any("华家湖" in evidence.zh for one in step.candidates for evidence in one.evidence)
    assert list(asked.choose("encoding", "gb18030").columns["text"]) == names
    assert list(asked.choose("encoding", "big5").columns["text"]) == [
        name.encode("gb18030").decode("big5") for name in names
    ]
