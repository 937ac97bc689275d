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
    assert "example.bench" in book.by_id or book.by_id["parking.ratio.old"].value == 0.6


def test_the_guide_has_examples_and_names_every_way():
    assert len(EXAMPLES) == 2
    assert all(f"`{way}`" in GUIDE for way in MEASURES)


def test_the_guide_counts_what_is_unsure_rightly(book):
    assert sum(rule.verified == "recall" for rule in book.rules) == 9
    assert sum(rule.is_placeholder for rule in book.rules) == 10
