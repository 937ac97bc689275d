"""Data stay letters in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from views.markdown import escaped


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_data_in_markdown_is_one_run_of_text_and_nothing_else(data: str) -> None:
    # Second method: a CommonMark parser with tables, strikethrough and HTML switched on.
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(
        ["table", "strikethrough"]
    )
    shown = " ".join(data.split())
    tokens = parser.parse(f"**x** {escaped(data)}")
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
    assert directive not in escaped(directive).replace("\\", "")
