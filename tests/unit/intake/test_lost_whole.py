# ruff: noqa: E501 - tables are written out as they arrive
"""Files that were lost whole for one damaged part, or for their format: what is in them is known."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
import shapely

from intake.reading import STATED
from intake.sentences import explained
from tests.unit.intake import delivery
from tests.unit.intake.delivery import columns, rewritten

HEADS = ["小区编号", "小区名称", "户数", "照明达标道路比例（%）"]
_OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
_MIME = b"application/vnd.oasis.opendocument.spreadsheet"


def _survey(path):
    """Write two estates: key 7 shown as 007, a share of 0.35 shown as 35 %."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADS)
    for row, (key, name, households, share) in enumerate(
        [(7, "甲小区", 120, 0.35), (8, "乙小区", 80, 0.8)], start=2
    ):
        sheet.append([key, name, households, share])
        sheet.cell(row, 1).number_format = "000"
        sheet.cell(row, 4).number_format = "0%"
    book.save(path)
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(
            b"<fonts", b'<fonts><font><color rgb="red!"/></font></fonts><fonts'
        ),
        lambda raw: raw.replace(b"</styleSheet>", b""),
        lambda raw: raw.replace(b"<cellStyles", b"<<cellStyles"),
        lambda raw: raw.replace(b"patternType=", b'patternType="stripes" x='),
    ],
)
def test_a_stylesheet_that_is_damaged_beside_its_number_formats_changes_no_cell(
    tmp_path, read, damage
):
    path = rewritten(_survey(tmp_path / "a.xlsx"), damage, "xl/styles.xml")
    (table,) = read(path).tables
    assert columns(table) == {
        "小区编号": ["007", "008"], "小区名称": ["甲小区", "乙小区"], "户数": [120, 80],
        HEADS[3]: ["35%", "80%"],
    }  # fmt: skip
    assert table.has_formats


@pytest.mark.parametrize("damage", [lambda raw: raw[:40], lambda _: b"", lambda _: b"\x00\xff<"])
def test_a_workbook_that_lost_its_number_formats_is_read_and_asked_about(
    tmp_path, read, draft, damage
):
    path = rewritten(_survey(tmp_path / "a.xlsx"), damage, "xl/styles.xml")
    (table,) = read(path).tables
    assert columns(table)["户数"] == [120, 80]
    asked = draft(table)
    assert "formats" in [one.step for one in asked.questions]
    kept, refused = (asked.choose("formats", answer) for answer in ("keep", "quarantine"))
    assert kept.rows_in_question.held_back == {}
    assert refused.rows_in_question.held_back == {2: "row.formats", 3: "row.formats"}


def _without_stylesheet(path):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    del parts["xl/styles.xml"]
    return delivery.zipped(path, parts)


def test_a_workbook_whose_stylesheet_is_missing_lost_its_number_formats_too(tmp_path, read):
    (table,) = read(_without_stylesheet(_survey(tmp_path / "a.xlsx"))).tables
    assert columns(table) == {
        "小区编号": [7, 8], "小区名称": ["甲小区", "乙小区"], "户数": [120, 80], HEADS[3]: [0.35, 0.8],
    }  # fmt: skip
    assert (table.has_formats, table.lost) == (False, ())


def test_a_damaged_workbook_that_never_had_formats_has_lost_none(tmp_path, read):
    path = delivery.workbook(
        tmp_path / "a.xlsx", [HEADS, ["7", "甲小区", 120, 35], ["8", "乙", 80, 9]]
    )
    path = _without_stylesheet(path)
    (table,) = read(rewritten(path, lambda raw: raw.replace(b"<v>80<", b"<v>x<"))).tables
    assert (list(table.rows), [one.row for one in table.lost]) == ([2], [3])
    assert table.has_formats


def test_a_stylesheet_whose_bytes_are_damaged_in_the_archive_costs_the_formats_alone(
    tmp_path, read
):
    path = _survey(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/styles.xml")
    raw = bytearray(path.read_bytes())
    raw[info.header_offset + 80 : info.header_offset + 90] = bytes(10)
    path.write_bytes(raw)
    (table,) = read(path).tables
    assert (len(table.rows), table.has_formats) == (2, False)


def _directory(path):
    """Return where the directory of an archive begins."""
    with zipfile.ZipFile(path) as archive:
        return archive.start_dir


@pytest.mark.parametrize("extra", [0, 20, 60])
def test_a_workbook_without_its_directory_is_read_whole_and_says_so(tmp_path, read, extra):
    path = _survey(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[: _directory(path) + extra])
    reading = read(path)
    (table,) = reading.tables
    assert columns(table)["小区编号"] == ["007", "008"]
    assert [one.rule for one in reading.refused] == ["zip.no_directory"]


def test_an_archive_without_its_directory_gives_what_is_whole_and_names_the_rest(tmp_path, read):
    whole = ("小区名称,户数\n甲小区,120\n乙小区,80\n").encode("gb18030")
    path = tmp_path / "交付.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("一.csv", whole)
        out.writestr("二.csv", whole * 200)
    start = _directory(path)
    path.write_bytes(path.read_bytes()[: start - 12])
    reading = read(path)
    assert [(table.name, len(table.rows)) for table in reading.tables] == [("一", 2)]
    assert {(one.member, one.rule) for one in reading.refused} == {
        ("交付.zip/二.csv", "zip.member"), ("交付.zip/…", "zip.no_directory"),
    }  # fmt: skip


def test_a_streamed_archive_and_a_damaged_entry_are_told_apart_by_their_checksums(tmp_path, read):
    class Stream(BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name in ("a.csv", "b.csv"):
            out.writestr(name, f"小区名称,户数\n{name}小区,120\n")
    raw = bytearray(stream.getvalue())
    raw = raw[: raw.index(b"PK\x01\x02")]
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    assert [table.name for table in read(path).tables] == ["a", "b"]
    second = raw.index(b"PK\x07\x08", raw.index(b"b.csv"))
    raw[second + 4] ^= 1  # its checksum
    path.write_bytes(raw)
    reading = read(path)
    assert [table.name for table in reading.tables] == ["a"]
    assert ("a.zip/b.csv", "zip.member") in {(one.member, one.rule) for one in reading.refused}


@pytest.mark.parametrize("name", ["mimetype", "MIMETYPE"])
def test_a_damaged_entry_that_would_say_what_an_archive_is_costs_no_other(tmp_path, read, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        out.writestr(name, _MIME)
        out.writestr("a.csv", "小区名称,户数\n甲小区,120\n")
    path.write_bytes(path.read_bytes().replace(_MIME, bytes(len(_MIME))))
    assert [table.name for table in read(path).tables] == ["a"]


def _ods(path, rows, styles=""):
    body = (
        f'<?xml version="1.0"?><office:document-content {_OFFICE}><office:automatic-styles>{styles}'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="小区">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": _MIME, "content.xml": body.encode()}
    return delivery.zipped(path, {**parts, "META-INF/manifest.xml": b"<manifest/>"})


def _cell(text, kind="string", value="", more=""):
    stated = f'office:value="{value}"' if value else ""
    return (
        f'<table:table-cell office:value-type="{kind}" {stated} {more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


_ODS_HEADS = _row(
    *map(_cell, ("小区编号", "小区名称", "户数", "照明达标道路比例", "估算投资", "数据日期"))
)
_DAY = (
    '<table:table-cell office:value-type="date" office:date-value="2023-04-01">'
    "<text:p>23/4/1</text:p></table:table-cell>"
)


def test_an_open_document_table_gives_its_cells_as_people_see_them(tmp_path, read):
    first = _row(
        _cell("007", "float", "7"), _cell("甲<text:s/>小区"), _cell("1,120", "float", "1120"),
        _cell("35%", "percentage", "0.3512"), _cell("350万元", "float", "350.4"), _DAY,
    )  # fmt: skip
    annotated = (
        '<table:table-cell office:value-type="float" office:value="80"><office:annotation>'
        "<text:p>约</text:p></office:annotation><text:p>80</text:p></table:table-cell>"
    )
    second = _row(
        _cell("008", "float", "8"), _cell("乙小区"), annotated,
        _cell("80%", "percentage", "0.8"), _cell("0.35", "float", "3500"), _DAY,
        '<table:table-cell table:number-columns-repeated="16378"/>',
        more='table:visibility="filter"',
    )  # fmt: skip
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    (table,) = read(_ods(tmp_path / "a.ods", _ODS_HEADS + first + second + blank)).tables
    assert columns(table) == {
        "小区编号": ["007", "008"], "小区名称": ["甲 小区", "乙小区"], "户数": [1120, 80],
        "照明达标道路比例": ["35.12%", "80%"], "估算投资": ["350.4万元", 3500],
        "数据日期": ["2023-04-01", "2023-04-01"],
    }  # fmt: skip
    assert (list(table.rows), table.hidden) == ([2, 3], (3,))


def test_merged_repeated_and_uncalculated_cells_of_an_open_document_are_seen(tmp_path, read):
    top = _row(
        _cell("1", "float", "1"), _cell("甲小区"),
        _cell("120", "float", "120", 'table:number-rows-spanned="2" table:number-columns-spanned="1"'),
    )  # fmt: skip
    low = _row(_cell("2", "float", "2"), _cell("乙小区"), "<table:covered-table-cell/>")
    formula = _row(
        _cell("3", "float", "3"), _cell("丙小区"), '<table:table-cell table:formula="of:=1+1"/>'
    )
    twice = _row(
        _cell("4", "float", "4"), _cell("丁小区"), _cell("9", "float", "9"),
        more='table:number-rows-repeated="2"',
    )  # fmt: skip
    (table,) = read(_ods(tmp_path / "a.ods", _ODS_HEADS + top + low + formula + twice)).tables
    assert columns(table)["小区名称"] == ["甲小区", "乙小区", "丙小区", "丁小区", "丁小区"]
    assert [(one.heading, one.first, one.last) for one in table.merged] == [("户数", 2, 3)]
    assert [(one.row, one.rule) for one in table.flaws] == [(4, "cell.formula")]


def test_repeated_cells_of_an_open_document_stand_in_theircolumns(tmp_path, read):
    row = _row(
        _cell("1"), _cell("甲小区"), '<table:table-cell table:number-columns-repeated="2"/>',
        _cell("5", "float", "5", 'table:number-columns-repeated="2"'),
        '<table:table-cell table:number-columns-repeated="99999"/>',
    )  # fmt: skip
    (table,) = read(_ods(tmp_path / "a.ods", _ODS_HEADS + row)).tables
    assert list(columns(table).values()) == [["1"], ["甲小区"], [None], [None], [5], [5]]


def test_hidden_columns_of_an_open_document_are_named_by_their_letters(tmp_path, read):
    widths = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        '<table:table-column table:number-columns-repeated="24"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    )
    row = _row(_cell("1"), _cell("甲小区"), _cell("12", "float", "12"))
    (table,) = read(_ods(tmp_path / "a.ods", widths + _ODS_HEADS + row)).tables
    # C is the 3rd; A to Z are 26, AB and AC the 28th and 29th
    named = [one.detail for one in table.notes if one.rule == "workbook.hidden_columns"]
    assert named == ["C, AB, AC"]


def test_an_open_document_table_that_breaks_off_keeps_its_rows(tmp_path, read):
    rows = [_row(_cell(str(n), "float", str(n)), _cell(f"{n}号院")) for n in range(1, 6)]
    path = _ods(tmp_path / "a.ods", _ODS_HEADS + "".join(rows))
    path = rewritten(path, lambda raw: raw[: raw.rindex("5号院".encode())], "content.xml")
    (table,) = read(path).tables
    assert list(table.rows) == [2, 3, 4, 5]
    assert [(one.row, one.rule) for one in table.lost] == [(6, "layer.cut")]


@pytest.mark.parametrize(
    ("part", "content", "rule"),
    [
        ("META-INF/manifest.xml", b"<manifest><encryption-data/></manifest>", "workbook.password"),
        ("content.xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", "refused.dtd"),
        ("content.xml", b"\x00\x01", "workbook.broken"),
    ],
)  # fmt: skip
def test_an_open_document_that_is_locked_hostile_or_empty_is_refused(
    tmp_path, read, part, content, rule
):
    path = rewritten(_ods(tmp_path / "a.ods", _ODS_HEADS), lambda _: content, part)
    assert [one.rule for one in read(path).refused] == [rule]


@pytest.mark.parametrize(
    "row",
    [
        _row(_cell("甲"), _cell("乙"), more='table:number-rows-repeated="3000000"'),
        _row(_cell("甲", more='table:number-rows-spanned="3000000" table:number-columns-spanned="2"')),
    ],
)  # fmt: skip
def test_an_open_document_of_more_cells_than_any_sheet_has_is_refused(tmp_path, read, row):
    reading = read(_ods(tmp_path / "a.ods", _ODS_HEADS + row))
    assert [one.rule for one in reading.refused] == ["workbook.too_large"]


def test_a_line_of_the_template_states_the_reference_in_an_open_document_too(tmp_path, read):
    head = _row(_cell("坐标系"), _cell("EPSG:4544 CGCS2000"))
    row = _row(_cell("1", "float", "1"), _cell("甲小区"), _cell("12", "float", "12"))
    (table,) = read(_ods(tmp_path / "a.ods", head + _ODS_HEADS + row)).tables
    assert table.crs == f"{STATED}EPSG:4544"


_GPX = (
    '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" '
    'xmlns="http://www.topografix.com/GPX/1/1">'
    '<wpt lat="37.98" lon="106.2"><name>甲井</name></wpt>'
    '<wpt lat="37.99" lon="106.21"><name>A&B井</name></wpt>'
    '<trk><name>一号路</name><trkseg><trkpt lat="37.98" lon="106.2"/>'
    '<trkpt lat="37.981" lon="106.2"/></trkseg></trk>'
    '<trk><name>二号路</name><trkseg><trkpt lat="37.98" lon="106.2"/>'
    '<trkpt lat="37.98" lon="106.202"/></trkseg></trk></gpx>'
)


def test_waypoints_and_tracks_of_a_receiver_are_points_and_lines(tmp_path, read):
    (tmp_path / "a.gpx").write_text(_GPX, encoding="utf-8")
    points, lines = sorted(
        read(tmp_path / "a.gpx").tables, key=lambda table: table.name == "tracks"
    )
    assert (columns(points)["name"], points.crs) == (["甲井", "A&B井"], "EPSG:4326")
    assert shapely.from_wkb(points.wkb[0]).wkt == "POINT (106.2 37.98)"
    assert columns(lines)["name"] == ["一号路", "二号路"]
    assert shapely.from_wkb(lines.wkb[1]).wkt == "LINESTRING (106.2 37.98, 106.202 37.98)"


def test_tracks_that_break_off_keep_what_is_whole(tmp_path, read):
    (tmp_path / "a.gpx").write_text(_GPX[: _GPX.index("二号路")], encoding="utf-8")
    tables = read(tmp_path / "a.gpx").tables
    assert sum(len(table.rows) for table in tables) == 3
    assert sum(flaw.count for table in tables for flaw in table.lost) == 1


@pytest.mark.parametrize("text", ["<gpx></gpx>", "<!DOCTYPE gpx []>" + _GPX[38:]])
def test_tracks_without_rows_or_with_a_document_type_are_refused(tmp_path, read, text):
    (tmp_path / "a.gpx").write_text(text, encoding="utf-8")
    reading = read(tmp_path / "a.gpx")
    assert reading.tables == ()
    assert len(reading.refused) == 1


@pytest.mark.parametrize(
    ("name", "data", "way_out"),
    [
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB", ".xlsx"),
        ("a.accdb", b"\x00\x01\x00\x00Standard ACE DB", ".gdb"),
        ("a.dwg", b"AC1032" + bytes(40), "DXF"),
        ("a.dgn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "DXF"),
        ("a.ods", b"\x00\x01" + bytes(40), "不认识这种文件格式"),
        ("a.parquet", b"PAR1" + bytes(400), "重新导出"),
    ],
)
def test_what_cannot_be_read_says_the_way_out(tmp_path, read, name, data, way_out):
    (tmp_path / name).write_bytes(data)
    (refusal,) = read(tmp_path / name).refused
    assert way_out in explained(refusal.rule).zh


def test_estates_of_an_open_document_are_accepted_like_those_of_a_workbook(tmp_path, read, draft):
    rows = [
        _row(
            _cell(one.key),
            _cell(one.name),
            _cell(str(one.households), "float", str(one.households)),
        )
        for one in delivery.estates(3)
    ]
    (table,) = read(_ods(tmp_path / "a.ods", _ODS_HEADS + "".join(rows))).tables
    assert draft(table).mapping["households"] == "户数"
