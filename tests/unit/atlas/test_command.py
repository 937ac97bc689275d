"""The options of `litong atlas`, on the smallest demonstration district."""

import pytest
import typer
from typer.testing import CliRunner

from atlas.history import issued
from jobs.atlas_command import atlas
from store import open_store
from store.office import read_fields

APP = typer.Typer()
APP.command()(atlas)


def run(folder, *options):
    return CliRunner().invoke(APP, [str(folder), "--as-of", "2023-04-01", *options])


@pytest.mark.slow
def test_a_draft_is_written_with_its_problems_and_remembered(tiny_folder, tmp_path):
    out = tmp_path / "book.pdf"
    done = run(
        tiny_folder, "--out", str(out), "--sheets", "cover,summary", "--field", "leader=张三"
    )
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF")
    assert "图签" in done.output
    store = open_store(tiny_folder)
    assert read_fields(store) == {"leader": "张三"}
    assert len(issued(store)) == 1
    store.verify()
    again = run(tiny_folder, "--out", str(out), "--sheets", "cover,summary", "--edition", "V0.2")
    assert "内容相同" in again.output
    assert "项目负责人" not in again.output  # the field was remembered


@pytest.mark.slow
def test_a_formal_issue_with_problems_exits_with_one_and_writes_nothing(tiny_folder, tmp_path):
    out = tmp_path / "formal.pdf"
    done = run(tiny_folder, "--out", str(out), "--formal", "--sheets", "cover")
    assert done.exit_code == 1
    assert not out.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--out", "book.docx"),
        ("--out", "b.pdf", "--field", "boss=x"),
        ("--out", "b.pdf", "--paper", "A9"),
    ],
)
def test_a_command_written_wrongly_exits_with_two(tiny_folder, options):
    assert run(tiny_folder, *options).exit_code == 2
