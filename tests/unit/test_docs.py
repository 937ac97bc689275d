"""Documents that cannot fall behind: what exists is described, what is described exists."""

import re
import tomllib
from pathlib import Path

import pytest
import typer

import layers
from answer_key.gap_table import gap_table
from answer_key.sentences import sentences
from jobs.cli import app
from jobs.dictionary import data_dictionary
from jobs.rule_list import rule_list
from views.pages import PAGES
from wording import say

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "user-guide.zh.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = typer.main.get_command(app).commands


def _names(requirements):
    return [re.match(r"[\w.-]+", requirement)[0] for requirement in requirements]


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_data_dictionary_is_current():
    found = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert found == data_dictionary(), "run `make docs`"


def test_the_list_of_rules_is_current():
    found = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert found == rule_list(), "run `make docs`"


@pytest.mark.slow
def test_the_list_of_sentences_is_current():
    found = (ROOT / "docs" / "findings-wording.md").read_text(encoding="utf-8")
    assert found == sentences(), "run `make docs`"


@pytest.mark.slow
def test_the_gaps_of_the_demonstration_are_current():
    found = (ROOT / "docs" / "gaps.md").read_text(encoding="utf-8")
    assert found == gap_table(), "run `make docs`"


def test_the_data_dictionary_has_every_column_of_every_layer():
    sections = re.split(r"\n## ", data_dictionary())
    by_name = {section.split()[0]: section for section in sections[1:]}
    for name, spec in layers.ALL.items():
        assert all(f"| `{column.name}` |" in by_name[name] for column in spec.columns)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_guide(command):
    assert f"litong {command}" in GUIDE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_the_guide_or_explained_by_the_command(command):
    for option in COMMANDS[command].params:
        assert option.help or "--help" in option.opts


@pytest.mark.parametrize("title", [say(title, "en") for _, title, _ in PAGES])
def test_every_page_is_in_the_guide(title):
    assert re.search(rf"^### .*（{re.escape(title)}）$", GUIDE, flags=re.MULTILINE)


SUBJECTS = sorted({file.stem for file in (ROOT / "rules" / "rulebook").glob("*/rules/*.toml")})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_of_rules_is_in_the_guide(subject):
    assert f"`{subject}`" in GUIDE


@pytest.mark.parametrize(
    "package", _names([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
)
def test_every_dependency_has_its_reason_and_licence(package):
    (row,) = re.findall(rf"^\| {re.escape(package)} \| (.+) \|$", DEPENDENCIES, flags=re.MULTILINE)
    reason, licence = row.rsplit(" | ", 1)
    assert len(reason) > 10
    assert licence.strip()


def test_no_dependency_is_described_that_is_none():
    described = re.findall(r"^\| ([\w.-]+) \| ", DEPENDENCIES, flags=re.MULTILINE)
    known = _names([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    assert set(described) - {"package", "---"} == set(known)


@pytest.mark.parametrize(
    "package", _names([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
)
def test_every_dependency_is_locked(package):
    locked = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {_plain(line.split("==")[0]) for line in locked if "==" in line}
    assert _plain(package) in pins


@pytest.mark.parametrize("line", sorted(set(re.findall(r"litong [a-z-].*", README))))
def test_every_command_of_the_readme_exists_with_its_options(line):
    words = re.sub(r"[`#\]（].*", "", line).split()[1:]
    if words[0].startswith("-"):
        assert words[0] == "--version"
        return
    command = COMMANDS[words[0]]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z]+)`", README))))
def test_every_make_target_of_the_readme_exists(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "document", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_inside_the_project_lead_somewhere(document):
    path = ROOT / document
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (path.parent / link).exists(), link


RULEBOOK = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", sorted(set(re.findall(r"`(tests/[\w/]+\.py[\w:]*)`", RULEBOOK))))
def test_every_case_that_the_rulebook_page_names_exists(case):
    path, _, name = case.partition("::")
    assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8")


ROOMS = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if not path.parent.name.startswith(".")
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_in_the_architecture(room):
    assert re.search(rf"^{room}/ ", ARCHITECTURE, flags=re.MULTILINE)
