"""The guide to the rulebook: its examples load, and it names every way of measuring."""

import re
from pathlib import Path

import pytest

from rules.book import load_book
from rules.measures import MEASURES

GUIDE = (Path(__file__).parents[3] / "docs" / "rulebook.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_loads(example, tmp_path):
    file = tmp_path / "project.toml"
    file.write_text(example, "utf-8")
    book = load_book(("ningxia", "wuzhong", "litong"), [file])
    assert book.version != load_book(("ningxia", "wuzhong", "litong")).version


def test_the_guide_has_examples_and_names_every_way():
    assert len(EXAMPLES) >= 3
    assert all(f"`{way}`" in GUIDE for way in MEASURES)
