"""The gaps of a city's file: each with the value and the limit that decided."""

import json
import re
from datetime import date

from layers.findings import is_gap
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from views.figures import comparison
from views.map.standalone import gaps_script


def test_every_gap_reads_as_in_the_dossier(full_demo):
    book = load_book(("ningxia", "wuzhong", "litong"))
    findings = evaluate(full_demo, book, date(2026, 1, 1))
    script = gaps_script(full_demo, book, findings, "en")
    numbers, texts = map(json.loads, re.fullmatch(r"\{\.\.\.(.*), texts: (.*)\}", script).groups())
    limits = [texts[cells[4]] for cells in numbers["rules"]]
    said = {
        numbers["decided"].get(str(i)) or f"{value or ''} ({limits[rule]})".strip()
        for i, (value, rule) in enumerate(zip(numbers["value"], numbers["rule"], strict=True))
    }
    table = full_table(findings, full_demo, book)
    gaps = table[is_gap(table)]
    wanted = [
        comparison(gap, "en") for gap in gaps.to_dict("records") if gap["value"] == gap["value"]
    ]
    assert set(wanted) <= set(said)
    assert any("% (≤ 10%)" in text for text in numbers["decided"].values())
