"""Words of both languages, and data that stay letters in Markdown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import views
from views.text import LOCALES, Words, catalogue, plain

ROOM = Path(views.__file__).parent
MARKERS = {"words", "_words", "message"}


def message_ids() -> Iterator[tuple[str, str]]:
    """Yield every message id in the code with the file that says it, found in the syntax tree."""
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in MARKERS and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), path.name


@pytest.mark.parametrize("language", list(LOCALES))
def test_every_text_of_the_interface_is_in_both_catalogues(language: str) -> None:
    known = catalogue(language)  # type: ignore[arg-type]
    assert sorted({f"{where}: {text}" for text, where in message_ids() if text not in known}) == []


def test_no_catalogue_holds_a_text_that_nobody_shows() -> None:
    used = {text for text, _ in message_ids()}
    for language in LOCALES:
        assert sorted(set(catalogue(language)) - used) == []


def test_a_translation_has_the_fields_of_its_message() -> None:
    for text, chinese in catalogue("zh").items():
        assert _fields(chinese) == _fields(text), text


def _fields(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def test_values_are_filled_in_once_and_never_read_as_fields() -> None:
    assert Words("en")("version {version}", version="{0.__class__}") == "version {0.__class__}"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_data_in_markdown_is_one_run_of_text_and_nothing_else(data: str) -> None:
    # Second method: a CommonMark parser with tables, strikethrough and HTML switched on.
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(
        ["table", "strikethrough"]
    )
    shown = " ".join(data.split())
    tokens = parser.parse(f"**x** {plain(data)}")
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
    letters = "".join(
        child.content
        for token in tokens
        for child in token.children or []
        if child.type in ("text", "text_special")
    )
    assert _bare(letters) == _bare(f"x {shown}")


def _bare(text: str) -> str:
    """Return a text without word joiners, its blanks made one."""
    return " ".join(text.replace("\u2060", "").split())


@pytest.mark.parametrize("directive", [":red[x]", ":material/home:", ":smile:", "http://x.y"])
def test_streamlits_own_marks_are_broken_up(directive: str) -> None:
    assert directive not in plain(directive).replace("\\", "")
