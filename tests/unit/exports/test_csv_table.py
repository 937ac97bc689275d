"""The text table, read back by the standard library."""

import csv
import io

import pandas as pd
import pytest

from exports import findings_table
from exports.csv_table import csv_bytes, findings_csv


def _rows(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_excel_is_told_the_encoding(findings):
    assert findings_csv(findings).startswith(b"\xef\xbb\xbf")


def test_every_finding_stands_under_the_headings(findings):
    heads, *rows = _rows(findings_csv(findings, "en"))
    assert heads == findings_table.headings("en")
    assert len(rows) == len(findings)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1+1", "－2"])
def test_text_never_starts_like_a_formula(text):
    (_, (cell,)) = _rows(csv_bytes(["a"], pd.DataFrame({"a": [text]})))
    assert cell == f"'{text}"


def test_a_negative_number_stays_a_number():
    assert _rows(csv_bytes(["a"], pd.DataFrame({"a": [-3.5]})))[1] == ["-3.5"]


def test_unknown_is_empty():
    table = pd.DataFrame({"a": [None, "x"], "b": pd.array([None, 2], dtype="Int64")})
    assert _rows(csv_bytes(["a", "b"], table))[1:] == [["", ""], ["x", "2"]]


def test_quotes_commas_and_line_breaks_survive():
    text = 'a,"b"\nc'
    assert _rows(csv_bytes(["a"], pd.DataFrame({"a": [text]})))[1] == [text]
