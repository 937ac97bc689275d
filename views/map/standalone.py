"""
The map as one self-contained HTML file: opened from a disk, it asks for nothing from anywhere.

Its scripts are the page's own, named by digest in its Content-Security-Policy; data are JSON and
are shown as text.
"""

import base64
import hashlib
import html
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

from geo.errors import StoreError
from layers.district import District
from layers.findings import OUTCOME_LABELS, UNIT_LABELS, Outcome
from rules.book import load_book
from rules.summary import estate_summary
from views.map.compiled import ELEMENT_ID, compile_map
from views.map.neutral import script_json
from views.map.state import map_state, severity_bands
from views.map.vendored import STATIC, client_script, style_sheet, vendored
from views.map.wording import map_words
from views.text import Language, Words

_LISTED = (Outcome.MISSING, Outcome.SHORT, Outcome.MET)
_SIGNS = {">=": "≥", "<=": "≤"}
_DIGITS = 4  # significant, of a measured value


def write_map(
    district: District, findings: gpd.GeoDataFrame, path: Path, language: Language = "zh"
) -> None:
    """
    Write the map of `district` with its findings as one HTML file.

    Parameters
    ----------
    district : District
        What is drawn.
    findings : geopandas.GeoDataFrame
        Its findings, columns `layers.findings.COLUMNS`; failing and met ones are listed.
    path : pathlib.Path
        The .html, replaced if it exists.
    language : {"zh", "en"}, default "zh"
        Of every text.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    page = standalone_page(district, findings, Words(language))
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"map {path.name} cannot be written: {error.strerror}",
            f"无法写入地图 {path.name}：{error.strerror}",
        ) from error


def standalone_page(district: District, findings: gpd.GeoDataFrame, words: Words) -> str:
    """Return the whole page."""
    book = load_book(overlays=district.overlays)
    summary = estate_summary(findings, district)
    state = map_state(summary, list(severity_bands(book).values()), None)
    texts = map_words(district, words) | {
        "outcomes": [words.pick(OUTCOME_LABELS[outcome]) for outcome in _LISTED],
        "hint": words("Click an estate to see its findings."),
        "none": words("None here."),
    }
    module = "\n".join(
        [
            client_script().decode(),
            compile_map(district).decode(),
            f"const ELEMENT_ID = {_inert(ELEMENT_ID)};",
            f"const STATE = {_inert(asdict(state))};",
            f"const WORDS = {_inert(texts)};",
            f"const FINDINGS = {findings_script(findings, district, words)};",
            (STATIC / "standalone.js").read_text(encoding="utf-8"),
        ]
    )
    return _page(district, [vendored("leaflet-1.9.4/leaflet.js").decode(), module], words)


def findings_script(findings: pd.DataFrame, district: District, words: Words) -> str:
    """Return the listed findings as a script expression: numbers and a table of inert strings."""
    row_of = pd.Series(range(len(district["estates"])), index=district["estates"]["estate_id"])
    listed = findings[findings["outcome"].isin(_LISTED)]
    listed = listed.assign(
        row=row_of.reindex(listed["estate_id"]).to_numpy(),
        rank=listed["outcome"].map({outcome: n for n, outcome in enumerate(_LISTED)}),
    ).sort_values(["row", "rank", "severity"], ascending=[True, True, False])
    rules = listed.drop_duplicates("rule_id").reset_index(drop=True)
    strings: dict[str, int] = {}
    table = [_rule_cells(rule, strings, words) for rule in rules.to_dict("records")]
    place = pd.Series(rules.index, index=rules["rule_id"])
    numbers = {
        "rules": table,
        "outcomes": [str(outcome) for outcome in _LISTED],
        "start": np.searchsorted(listed["row"], np.arange(len(row_of) + 1)).tolist(),
        "rule": place.reindex(listed["rule_id"]).tolist(),
        "outcome": listed["rank"].tolist(),
        "value": [None if np.isnan(v) else float(f"{v:.{_DIGITS}g}") for v in listed["value"]],
    }
    return f"{{...{_inert(numbers)}, texts: {script_json(list(strings))}}}"


def _rule_cells(rule: dict[Any, Any], strings: dict[str, int], words: Words) -> list[Any]:
    """Return metric, unit, sign, threshold, clause and department; texts by their place."""
    limit = rule["threshold"]
    unit = rule["unit"] if isinstance(rule["unit"], str) else ""
    texts = [
        str(rule[f"metric_{words.language}"]),
        words.pick(UNIT_LABELS.get(unit, (unit, unit))),
        _SIGNS.get(str(rule["op"]), ""),
        f"{rule['source_title']} {rule['clause']}",
        str(rule["department"]),
    ]
    cells: list[Any] = [strings.setdefault(text, len(strings)) for text in texts]
    cells.insert(3, None if pd.isna(limit) else float(limit))
    return cells


def _inert(value: object) -> str:
    """Return JSON that cannot end a script, whatever its strings say."""
    return orjson.dumps(value).decode().replace("<", "\\u003c")


def _page(district: District, scripts: list[str], words: Words) -> str:
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    policy = (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    name = district.name if words.language == "zh" else district.name_en
    style = style_sheet() + (STATIC / "standalone.css").read_text(encoding="utf-8")
    facts = [
        words("data of {date}", date=district.data_date or "—"),
        words("version {version}", version=district.version[:8]),
    ]
    spans = "".join(f"<span>{html.escape(fact)}</span>" for fact in facts)
    return "\n".join(
        [
            f'<!doctype html><html lang="{"zh-CN" if words.language == "zh" else "en"}"><head>',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(name)}</title><style>{style}</style></head><body>",
            f"<header><h1>{html.escape(name)}</h1>{spans}</header>",
            '<main><div id="gap-map-root" class="gap-map-root"></div>',
            '<aside id="evidence"></aside></main>',
            f"<script>{scripts[0]}</script>",
            f'<script type="module">{scripts[1]}</script></body></html>',
        ]
    )
