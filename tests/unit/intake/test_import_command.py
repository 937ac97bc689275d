# ruff: noqa: E501 - files are written out as they arrive
"""`litong import`: files into a district, nothing written before it is clear, and an account of it."""

import hashlib
from datetime import UTC, datetime

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

import demo
from intake import memory
from jobs.import_command import import_command
from store import open_store, read_district, write_district
from tests.unit.intake import delivery


@pytest.fixture(scope="module")
def built():
    return demo.build("tiny").district


@pytest.fixture
def folder(tmp_path, built):
    """Return a folder with the tiny demonstration district."""
    write_district(built, tmp_path / "d")
    return tmp_path / "d"


@pytest.fixture
def litong():
    """Run the command with its options; return exit code and output."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(import_command)

    def run(*words, **more):
        result = CliRunner().invoke(app, [str(word) for word in words], **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run


def survey(path, district, **changed):
    """Write a survey of the district's own estates: names, households; no coordinates."""
    frame = district["estates"]
    grid = [
        ["小区名称", "户数"],
        *[[n, changed.get(n, 10 + i)] for i, n in enumerate(frame["name"])],
    ]
    return delivery.workbook(path, grid)


def test_a_survey_without_coordinates_updates_the_estates_and_nothing_else(
    tmp_path, folder, built, litong
):
    code, out = litong(
        folder,
        survey(tmp_path / "a.xlsx", built),
        "--layer",
        "estates",
        "--yes",
        "--date",
        "2023-05-01",
    )
    assert code == 0, out
    after = read_district(folder)
    assert after["estates"]["households"].tolist() == [10 + i for i in range(len(built["estates"]))]
    assert after["estates"]["source_date"].unique().tolist() == ["2023-05-01"]
    assert after["estates"]["built_year"].equals(built["estates"]["built_year"])
    assert after["estates"].geometry.geom_equals(built["estates"].geometry).all()
    for layer in ("buildings", "walkways", "facilities"):
        assert after[layer].equals(built[layer])


def test_an_open_question_stops_the_import_and_lists_the_candidates(
    tmp_path, folder, built, litong
):
    grid = [["类型", "名称", "经度", "纬度"], ["幼儿园", "甲幼儿园", *middle(built)]]
    code, out = litong(
        folder, delivery.workbook(tmp_path / "a.xlsx", grid), "--layer", "facilities", "--yes"
    )
    assert code == 1
    assert "--crs" in out
    assert "GCJ-02" in out
    assert read_district(folder).version == built.version


def middle(district):
    from pyproj import Transformer  # noqa: PLC0415

    west, south, east, north = district["estates"].total_bounds
    change = Transformer.from_crs(district.crs, 4490, always_xy=True)
    return change.transform((west + east) / 2, (south + north) / 2)


def test_the_answer_on_the_command_line_lets_it_through_and_adds_a_row(
    tmp_path, folder, built, litong
):
    grid = [
        ["类型", "名称", "所属小区", "经度", "纬度"],
        ["幼儿园", "甲幼儿园", built["estates"]["name"][0], *middle(built)],
    ]
    code, out = litong(
        folder,
        delivery.workbook(tmp_path / "a.xlsx", grid),
        "--layer",
        "facilities",
        "--crs",
        "EPSG:4490",
        "--yes",
    )
    assert code == 0, out
    after = read_district(folder)["facilities"]
    assert len(after) == len(built["facilities"]) + 1
    (row,) = after[after["name"] == "甲幼儿园"].to_dict("records")
    assert row["kind"] == "kindergarten"
    assert row["estate_id"] == built["estates"]["estate_id"][0]


def test_a_quarantined_row_makes_the_exit_code_three_and_comes_in_the_workbook(
    tmp_path, folder, built, litong
):
    name = built["estates"]["name"][0]
    path = survey(tmp_path / "a.xlsx", built, **{name: "很多"})
    code, out = litong(
        folder, path, "--layer", "estates", "--yes", "--quarantine", tmp_path / "q.xlsx"
    )
    assert code == 3
    assert "'很多'" in out
    sheet = openpyxl.load_workbook(tmp_path / "q.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][4:] == [name, "很多"]
    assert read_district(folder)["estates"]["households"][0] == built["estates"]["households"][0]


def test_without_a_yes_nothing_is_written(tmp_path, folder, built, litong):
    code, _ = litong(folder, survey(tmp_path / "a.xlsx", built), "--layer", "estates", input="n\n")
    assert code == 0
    assert read_district(folder).version == built.version


@pytest.mark.parametrize(("choice", "code"), [("quarantine", 3), ("keep", 0)])
def test_a_row_outside_the_district_is_kept_only_if_asked(
    tmp_path, folder, built, litong, choice, code
):
    grid = [["类型", "名称", "经度", "纬度"], ["幼儿园", "远处幼儿园", 107.9, 39.0]]
    path = delivery.workbook(tmp_path / "a.xlsx", grid)
    done, out = litong(
        folder, path, "--layer", "facilities", "--crs", "EPSG:4490", "--yes", "--outside", choice
    )
    assert done == code, out
    assert len(read_district(folder)["facilities"]) == len(built["facilities"]) + (code == 0)


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, folder, litong):
    (tmp_path / "a.dwg").write_bytes(b"AC1027")
    code, out = litong(folder, tmp_path / "a.dwg", "--layer", "estates", "--yes")
    assert code == 1
    assert "DXF" in out


def test_an_unknown_layer_is_named_with_the_known_ones(tmp_path, folder, built, litong):
    code, out = litong(folder, survey(tmp_path / "a.xlsx", built), "--layer", "houses", "--yes")
    assert code == 1
    assert "estates" in out


def test_headings_mapped_by_hand_are_remembered_for_the_same_source(
    tmp_path, folder, built, litong
):
    frame = built["estates"]
    grid = [["甲", "乙栏"], *[[n, 30 + i] for i, n in enumerate(frame["name"])]]
    path = delivery.workbook(tmp_path / "a.xlsx", grid)
    first = litong(folder, path, "--layer", "estates", "--yes", "--column", "households=乙栏")
    assert first[0] == 0, first[1]
    assert memory.recall(folder, "estates", ["甲", "乙栏"])["households"] == "乙栏"
    code, out = litong(folder, path, "--layer", "estates", "--yes")
    assert code == 0
    assert "column:households：乙栏" in out


def test_a_damaged_memory_is_forgotten(tmp_path):
    (tmp_path / memory.FILE_NAME).write_text("{", "utf-8")
    assert memory.recall(tmp_path, "estates", ["a"]) == {}
    memory.remember(tmp_path, "estates", ["a"], {"name": "a"})
    assert memory.recall(tmp_path, "estates", ["a"]) == {"name": "a"}


def test_an_import_leaves_a_record_of_who_when_and_from_which_file(
    tmp_path, folder, built, litong, monkeypatch
):
    monkeypatch.setenv("LOGNAME", "planner7")
    workbook = survey(tmp_path / "普查.xlsx", built)
    code, out = litong(folder, workbook, "--layer", "estates", "--yes")
    assert code == 0, out
    code, out = litong(folder, workbook, "--layer", "estates", "--yes", "--by", "王工")
    assert code == 0, out
    begun, first, second = open_store(folder).history()
    assert begun.version == built.version
    assert (first.by, second.by) == ("planner7", "王工")
    assert first.source == hashlib.sha256(workbook.read_bytes()).hexdigest()
    assert first.why == "litong import: 普查.xlsx → estates"
    assert first.counts["estates"] == (0, len(built["estates"]), 0)
    assert second.version == first.version
    age = datetime.now(UTC) - datetime.fromisoformat(second.at)
    assert abs(age.total_seconds()) < 60
