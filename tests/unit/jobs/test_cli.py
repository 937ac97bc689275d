"""The command: what it prints, what it writes, and the exit codes a script can rely on."""

import csv
import io
import re
import socket
import sqlite3
from contextlib import closing
from importlib.metadata import version

import fiona
import pytest
from openpyxl import load_workbook

import store
from jobs.printing import plain
from layers.findings import GAP_KINDS


def test_the_version_is_the_package_version(litong):
    ran = litong("--version")
    assert (ran.code, ran.out.strip()) == (0, f"litong {version('litong-gap-map')}")


@pytest.mark.parametrize("command", ["demo", "check", "serve"])
def test_every_command_explains_itself(litong, command):
    ran = litong(command, "--help")
    assert ran.code == 0
    assert "--lang" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", ".", "--as-of", "yesterday"],
        ["check", ".", "--out", "x.shp"],
        ["check", ".", "--map", "x.png"],
        ["check", ".", "--lang", "fr"],
        ["check", ".", "--fail-on", "met"],
        ["demo", ".", "--size", "huge"],
        ["demo", ".", "--seed", "-1"],
        ["serve", "--port", "0"],
        ["nothing"],
    ],
)
def test_a_command_written_wrongly_ends_with_2(litong, arguments):
    ran = litong(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("lang", "head"), [("zh", "错误: "), ("en", "Error: ")])
def test_input_that_cannot_be_used_ends_with_1_and_one_sentence(litong, tmp_path, lang, head):
    (tmp_path / "x.gpkg").write_bytes(b"not a database")
    ran = litong("check", tmp_path / "x.gpkg", "--lang", lang)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith(head)
    assert len(ran.err.splitlines()) == 1


def test_a_folder_that_is_not_there_ends_with_1(litong):
    assert litong("check", "nowhere").code == 1


@pytest.mark.slow
def test_demo_writes_a_district_that_reads_back(litong, tmp_path):
    ran = litong("demo", tmp_path / "new", "--size", "tiny", "--lang", "en")
    assert ran.code == 0
    names = {file.name for file in (tmp_path / "new").iterdir()}
    assert names == {"district.toml", "district.gpkg"}
    district = store.read_district(tmp_path / "new")
    assert district.is_synthetic
    assert f"{len(district['estates'])} estates" in ran.out
    assert district.version[:12] in ran.out


@pytest.mark.slow
def test_check_writes_what_it_is_asked_for_and_says_so(litong, tiny_folder, tmp_path):
    outs = [tmp_path / f"out.{kind}" for kind in ("gpkg", "xlsx", "csv", "zip")]
    asked = [part for out in outs for part in ("--out", out)]
    ran = litong(
        "check", tiny_folder, "--as-of", "2023-04-01", *asked, "--map", tmp_path / "out.html"
    )
    assert ran.code == 0, ran.err
    assert ran.err == ""
    for path in [*outs, tmp_path / "out.html"]:
        assert f"已写出 {path}" in ran.out
    assert "演示数据" in ran.out

    rows = list(csv.reader(io.StringIO(outs[2].read_text(encoding="utf-8-sig"))))
    sheet = load_workbook(outs[1])["结论"]
    with closing(sqlite3.connect(outs[0])) as base:
        (count,) = base.execute("SELECT count(*) FROM findings").fetchone()
        (gaps,) = base.execute("SELECT count(*) FROM facility_gaps").fetchone()
        (counted,) = base.execute(
            "SELECT count(*) FROM findings "
            "WHERE leads AND statement = 'gap' AND outcome IN ('short', 'missing')"
        ).fetchone()
    with fiona.open(f"zip://{outs[3]}") as shapefile:
        assert len(shapefile) == gaps
    # The other three files list the same findings, and the printed table the same gaps.
    assert len(rows) - 1 == sheet.max_row - 1 == count > 0
    assert gaps == counted > 0
    kinds = "|".join(kind.zh for kind in GAP_KINDS.values())
    lines = re.findall(rf"^│ (?:{kinds}) +│(.*)$", ran.out, flags=re.MULTILINE)
    assert len(lines) == len(GAP_KINDS)
    assert sum(int(re.search(r"\d+", line)[0]) for line in lines) == gaps


@pytest.mark.slow
def test_check_in_english(litong, tiny_folder):
    ran = litong("check", tiny_folder, "--as-of", "2023-04-01", "--lang", "en")
    assert ran.code == 0
    assert "kind of gap" in ran.out
    assert "invented for demonstration" in ran.out


@pytest.mark.slow
@pytest.mark.parametrize(("wanted", "code"), [("short", 3), ("missing", 3), (None, 0)])
def test_fail_on_ends_with_3_when_it_finds_its_outcome(litong, tiny_folder, wanted, code):
    # The tiny district has gaps of both kinds: see the answer key beside it.
    more = ["--fail-on", wanted] if wanted else []
    assert litong("check", tiny_folder, "--as-of", "2023-04-01", *more).code == code


@pytest.mark.parametrize("target", ["tiny/district.gpkg", "tiny/../tiny/district.gpkg"])
def test_check_never_writes_over_its_own_input(litong, tiny_folder, target):
    before = (tiny_folder / "district.gpkg").read_bytes()
    ran = litong("check", tiny_folder, "--out", target)
    assert ran.code == 1
    assert "会覆盖" in ran.err
    assert (tiny_folder / "district.gpkg").read_bytes() == before


def test_a_target_folder_that_is_not_there_is_one_sentence(litong, tiny_folder):
    ran = litong("check", tiny_folder, "--as-of", "2023-04-01", "--out", "no/where.csv")
    assert ran.code == 1
    assert ran.out == ""  # said before anything is evaluated
    assert "无法写入（没有这个文件夹）" in ran.err


def test_a_target_that_is_a_folder_is_told_before_anything_is_evaluated(
    litong, tiny_folder, tmp_path
):
    (tmp_path / "gaps.csv").mkdir()
    ran = litong("check", tiny_folder, "--out", tmp_path / "gaps.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "无法写入（已有同名文件夹）" in ran.err


@pytest.mark.parametrize("text", ["2023-02-30", "soon", "2023/04/01"])
def test_a_day_that_the_calendar_does_not_have_is_told_in_both_languages(litong, text):
    ran = litong("check", ".", "--as-of", text)
    assert ran.code == 2
    assert f"'{text}'：应为 2023-04-01 样式的日期 expected a date like" in ran.err


@pytest.mark.slow
def test_rows_that_are_set_aside_are_told(litong, tiny_folder):
    with closing(sqlite3.connect(tiny_folder / "district.gpkg")) as base, base:
        base.execute("CREATE TABLE stops (fid INTEGER PRIMARY KEY, geom BLOB)")
        base.executemany("INSERT INTO stops (geom) VALUES (?)", [(None,)] * 3)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, last_change, srs_id)"
            " VALUES ('stops', 'features', '2024-01-01T00:00:00.000Z', 4490)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('stops', 'geom', 'POINT', 4490, 0, 0)"
        )
    ran = litong("check", tiny_folder, "--as-of", "2023-04-01")
    assert ran.code == 0
    assert "数据表 stops：读入 3 行，采用 0 行，搁置 3 行" in ran.out


@pytest.mark.slow
def test_names_in_the_data_neither_colour_nor_steer_the_terminal(litong, tiny_folder):
    text = "[red]x[/red]\x1b]0;owned\x07\x1b[31m=1+1"
    with closing(sqlite3.connect(tiny_folder / "district.gpkg")) as base, base:
        for number in (3, 4):
            base.execute(f"DROP TRIGGER rtree_estates_geom_update{number}")
        base.execute("UPDATE estates SET name = ?", (text,))
    ran = litong("check", tiny_folder, "--as-of", "2023-04-01")
    assert ran.code == 0
    assert "[red]x[/red]" in ran.out
    assert "\x1b" not in ran.out
    assert "\x07" not in ran.out


def test_plain_text_has_no_markup_and_no_control_characters():
    assert plain("[b]\x1b\u202e\n国").plain == "[b]\ufffd\ufffd\ufffd国"


def test_plain_text_keeps_the_spaces_of_chinese_text():
    assert plain("升级\u3000绿化点\u00a01").plain == "升级\u3000绿化点\u00a01"


def test_serve_says_when_the_port_is_taken(litong, tiny_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = litong("serve", tiny_folder, "--port", port)
    assert ran.code == 1
    assert f"127.0.0.1:{port}" in ran.err


def test_serve_says_when_the_district_cannot_be_read(litong):
    assert litong("serve", "nowhere").code == 1
