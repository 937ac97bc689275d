"""The catalogue: complete in both languages, used in full, filled once."""

import ast
import re
import string
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wording
from wording import LANGUAGES, Text, say, text
from wording.catalogue import catalogue

ROOT = Path(wording.__file__).parent.parent
ROOMS = sorted(path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
SAYING = {"say", "say_parts", "text", "show", "confirm", "explained"}
HAN = re.compile(r"[\u4e00-\u9fff]")
NAMES = re.compile(r"图签|经度|纬度|中文")  # what a Chinese workbook or form itself is headed
LATIN_WORDS = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def trees(rooms: Sequence[str] = ()) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the rooms (default all) with its syntax tree."""
    for room in ROOMS:
        if not rooms or room.name in rooms:
            for path in sorted(room.rglob("*.py")):
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """Return the name of what is called: ``say`` of ``say(...)``, ``text`` of ``st.text(...)``."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_every_key_that_is_said_is_in_the_catalogue() -> None:
    said = {
        f"{path}: {node.args[0].value}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SAYING
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 300  # the walk found them
    assert sorted(one for one in said if one.split(": ")[1] not in catalogue()) == []


def test_every_key_is_said_somewhere() -> None:
    whole, tables, names = set(), set(), set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and node.values:  # f"sheet_kind.{kind}"
                first, last = node.values[0], node.values[-1]
                tables |= {first.value} if isinstance(first, ast.Constant) else set()
                names |= {last.value} if isinstance(last, ast.Constant) else set()
    heads = tuple(head for head in tables if "." in head)  # "sheet_kind.", "booklet.volume_"
    left = set(catalogue()) - whole
    unsaid = {
        key for key in left if not key.startswith(heads) and f".{key.split('.')[1]}" not in names
    }
    assert sorted(unsaid) == []


def test_both_languages_have_the_same_fields_in_every_form() -> None:
    differing = []
    for key, entry in catalogue().items():
        wanted = fields(entry["zh"]["other"])
        forms = [form for language in LANGUAGES for form in entry[language].items()]
        # "one" and "zero" may say the number in words instead of giving it
        bad = [f for f in forms if fields(f[1]) - wanted or (wanted - fields(f[1])) - {"n"}]
        bad += [f for f in forms if f[0] == "other" and fields(f[1]) != wanted]
        differing += [f"{key} {form}" for form, _ in bad]
    assert differing == []


def fields(template: str) -> set[str]:
    """Return the names of a template's fields; plain names are all that it may have."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    assert all(name.isidentifier() for name in names), template
    return names


def test_forms_are_those_that_can_be_chosen() -> None:
    for key, entry in catalogue().items():
        assert set(entry["zh"]) == {"other"}, key
        assert set(entry["en"]) <= {"zero", "one", "other"}, key
        assert len(entry["en"]) == 1 or "n" in fields(entry["en"]["other"]), key


def test_no_text_is_in_the_other_language() -> None:
    english = {key: " ".join(entry["en"].values()) for key, entry in catalogue().items()}
    chinese = {key: entry["zh"]["other"] for key, entry in catalogue().items()}
    assert [key for key, said in english.items() if HAN.search(NAMES.sub("", said))] == []
    assert [key for key, said in chinese.items() if LATIN_WORDS.search(said)] == []


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_000, "1,000 rows")],
)
def test_english_counts_choose_their_form(n: int, said: str) -> None:
    assert say("data.row_count", "en", n=n) == said


def test_chinese_has_one_form() -> None:
    assert say("data.row_count", "zh", n=1) == "1 行"


def test_a_text_given_as_a_value_is_said_in_the_language_asked_for() -> None:
    label = Text("小区", "estates")
    both = text("map.schematic", layer=label)
    assert both == Text("小区（示意）", "estates (schematic)")


@given(st.text())
def test_values_are_filled_in_once_and_never_read_as_fields(value: str) -> None:
    assert say("common.version", "en", version=value) == "version " + value


@pytest.mark.parametrize("value", ["{version}", "{0.__class__}", "{", "}}", "%s"])
def test_braces_of_a_value_stay_letters(value: str) -> None:
    assert say("common.version", "en", version=value) == "version " + value


def test_an_unknown_key_and_a_missing_value_are_faults_of_the_program() -> None:
    with pytest.raises(KeyError):
        say("data.no_such_text", "zh")
    with pytest.raises(KeyError):
        say("common.version", "zh")


def outside_the_catalogue(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the string constants of a module, without docstrings, `Text` pairs and errors."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        doc = ast.get_docstring(node, clean=False) if isinstance(node, DOCUMENTED) else None
        if doc is not None:
            skipped.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if called(node) == "Text" or called(node).endswith(("Error", "Problem", "BadParameter")):
            skipped.update(id(inner) for inner in ast.walk(node))
        if called(node) in {"Option", "Argument", "Typer"}:  # help in both languages at once
            skipped.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in skipped:
            yield node


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_no_page_and_no_command_has_chinese_of_its_own() -> None:
    found = [
        f"{path}:{node.lineno}: {node.value}"
        for path, tree in trees(["views", "jobs"])
        if path.name not in {"dictionary.py", "rule_list.py"}  # documents in both languages
        for node in outside_the_catalogue(tree)
        if HAN.search(NAMES.sub("", node.value))
    ]
    assert found == []


def test_no_page_and_no_command_shows_english_of_its_own() -> None:
    found = [
        f"{path}:{inner.lineno}: {inner.value}"
        for path, tree in trees(["views", "jobs"])
        for node in ast.walk(tree)
        if shows(node)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant)
        and isinstance(inner.value, str)
        and re.search(r"[A-Za-z]{2,} [a-z]{2,}", inner.value)
        and "{" not in inner.value  # a style
    ]
    assert found == []


def shows(node: ast.AST) -> bool:
    """Whether a call prints, or draws an element of the page."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id == "print"
    owner = node.func.value
    if isinstance(owner, ast.Name) and owner.id in {"st", "typer"}:
        return node.func.attr not in {"Option", "Argument", "Typer", "BadParameter", "html"}
    return node.func.attr == "print"
