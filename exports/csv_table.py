"""
Findings as comma-separated text that Excel and WPS open with the right characters.

UTF-8 with a byte order mark. Text that a spreadsheet would take for a formula gets an apostrophe in
front; numbers stay numbers.
"""

import csv
import io
from collections.abc import Sequence

import pandas as pd

from exports.findings_table import headings, readable
from wording import Language

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters after which a spreadsheet calculates; full-width ones in Chinese settings."""


def findings_csv(findings: pd.DataFrame, language: Language = "zh") -> bytes:
    """
    Return `findings` as CSV bytes.

    Parameters
    ----------
    findings : pandas.DataFrame
        With `layers.findings.COLUMNS`.
    language : {"zh", "en"}, default "zh"
        Of headings and labels.
    """
    return csv_bytes(headings(language), readable(findings, language))


def csv_bytes(heads: Sequence[str], table: pd.DataFrame) -> bytes:
    """Return any table as CSV bytes, unknown cells empty, with `heads` above it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    cells = table.astype(object)
    writer.writerows(cells.where(cells.notna(), "").map(_harmless).to_numpy().tolist())
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
