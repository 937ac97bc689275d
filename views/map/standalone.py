"""
The map as one self-contained HTML file: opened from a disk, it asks for nothing from anywhere.

Its scripts are the page's own, named by digest in its Content-Security-Policy; data are JSON and
are shown as text.
"""

import base64
import hashlib
import html
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

from geo.errors import StoreError
from layers.district import District
from layers.findings import DEGREE_LABELS, UNIT_LABELS, Outcome, cited, is_gap
from layers.period import assessed_on, period_text
from rules.criterion import Criterion
from rules.full_table import decided_by_legs, degrees, full_table
from rules.model import Book, Rule
from rules.rounding import quantity
from views import figures
from views.choice import Choice
from views.dossier import dossier, dossier_texts
from views.map.bundle import NAME, bundle
from views.map.compiled import BASE, ELEMENT_ID, compile_base, compile_layer, drawn_layers
from views.map.figures import estate_figures
from views.map.grid import grid_of
from views.map.looks import map_legend
from views.map.neutral import script_json
from views.map.texts import map_texts
from views.map.vendored import STATIC, client_modules, style_sheet, vendored
from views.selection import select
from wording import Language, say

_WHOLE_DOSSIERS = 600  # estates up to which every finding and its route go into the file


def write_map(
    district: District,
    book: Book,
    findings: gpd.GeoDataFrame,
    path: Path,
    language: Language = "zh",
) -> None:
    """
    Write the map of `district` with its findings as one HTML file.

    Parameters
    ----------
    district : District
        What is drawn.
    book : Book
        The rulebook it was evaluated by.
    findings : geopandas.GeoDataFrame
        Its findings, as `rules.evaluate.evaluate` returned them. Up to 600 estates all are listed,
        each with its evidence; of a city only the gaps, in short.
    path : pathlib.Path
        The .html, replaced if it exists.
    language : {"zh", "en"}, default "zh"
        Of every text.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    page = standalone_page(district, book, findings, language)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"map {path.name} cannot be written: {error.strerror}",
            f"无法写入地图 {path.name}：{error.strerror}",
        ) from error


def standalone_page(
    district: District, book: Book, findings: gpd.GeoDataFrame, language: Language
) -> str:
    """Return the whole page."""
    figures = estate_figures(select(findings, district, book, Choice(), {}), language)
    texts = map_texts(district, language) | dossier_texts(language) | {"towns": figures.towns}
    if len(district["estates"]) <= _WHOLE_DOSSIERS:
        estates = {"dossiers": _dossiers(district, book, findings, language)}
    else:
        estates = {"gaps": gaps_script(district, book, findings, language)}
        texts |= {"hint": say("map.click_hint", language)}
    data = estates | {
        "page": _inert(_message(district, texts, language)),
        "figures": _inert(asdict(figures)),
        "legend": _inert(map_legend(district, language)),
    }
    module = "\n".join(
        [
            bundle({**_client(), **_layer_modules(district)}),
            'const root = document.getElementById("gap-map-root");',
            "const data = {",
            *(f"{name}: {script}," for name, script in data.items()),
            "};",
            f"const layer = (name) => {NAME}[`${{name}}.layer.js`];",
            f'{NAME}["standalone.js"].start(root, data, layer);',
        ]
    )
    scripts = [vendored("leaflet-1.9.4/leaflet.js").decode(), module]
    period = period_text(district, assessed_on(findings), language)
    return _page(district, scripts, period, language)


def _message(district: District, texts: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the one message that the client gets in a file; its addresses are names of data."""
    addresses = {name: name for name in ("legend", "figures", "dossiers")}
    selection: dict[str, Any] = {
        "layers": {name: name for name in (BASE, *drawn_layers(district))},
        "grid": grid_of(district, language),
        "trial": None,
        "cards": "",
        "selected": None,
        "rule": "",
        "show": "",
        "request_id": 0,
        "evidence": {},
        "reach": None,
    }
    return {**addresses, "element": ELEMENT_ID, "words": texts, **selection}


def _client() -> dict[str, str]:
    names = {**client_modules(), "standalone.js": (STATIC / "standalone.js").read_bytes()}
    return {name: body.decode() for name, body in names.items()}


def _layer_modules(district: District) -> dict[str, str]:
    """Return the map itself and every layer that has rows, as modules of the file."""
    made = {name: compile_layer(district, name) for name in drawn_layers(district)}
    return {
        f"{name}.layer.js": body.decode() for name, body in {BASE: compile_base(), **made}.items()
    }


def _dossiers(
    district: District, book: Book, findings: gpd.GeoDataFrame, language: Language
) -> str:
    """Return every estate's dossier as a script expression, in the order of the estates."""
    table = full_table(findings, district, book, (language,))
    own = table.groupby("estate_id").indices
    ids = district["estates"]["estate_id"]
    return _inert(
        [
            dossier(district, book, table.iloc[own.get(estate_id, [])], row, language)
            for row, estate_id in enumerate(ids)
        ]
    )


def gaps_script(
    district: District, book: Book, findings: gpd.GeoDataFrame, language: Language
) -> str:
    """
    Return the gaps of a whole city as a script expression: numbers and a table of inert strings.

    Of each gap only what its rule says once is kept, and its measured value: dossiers of twenty
    thousand estates would make a file that no browser opens.
    """
    row_of = pd.Series(range(len(district["estates"])), index=district["estates"]["estate_id"])
    listed = findings[is_gap(findings)]
    listed = listed.assign(row=row_of.reindex(listed["estate_id"]).to_numpy()).sort_values(
        ["row", "severity"], ascending=[True, False]
    )
    rules = listed["rule_id"].unique()
    strings: dict[str, int] = {}
    table = [_rule_cells(book.by_id[rule], book, strings, language) for rule in rules]
    decided = dict(decided_by_legs(listed, book))
    words = (DEGREE_LABELS[degree][language] for degree in degrees(listed, book, decided))
    place = pd.Series(range(len(rules)), index=pd.Index(rules, dtype=object))
    numbers = {
        "rules": table,
        "labels": [
            say("common.clause", language),
            say("common.responsible", language),
            say("map.unreachable", language),
        ],
        "start": np.searchsorted(listed["row"], np.arange(len(row_of) + 1)).tolist(),
        "rule": place.reindex(listed["rule_id"].astype(object)).tolist(),
        "missing": (listed["outcome"] == Outcome.MISSING).astype(int).tolist(),
        "value": _values(listed, book, language),
        "said": [strings.setdefault(word, len(strings)) for word in words],
        "decided": _shown(decided, language),
    }
    return f"{{...{_inert(numbers)}, texts: {script_json(list(strings))}}}"


def _values(gaps: gpd.GeoDataFrame, book: Book, language: Language) -> list[str | None]:
    """Return the measured value of every gap, as it is read beside its threshold; None for none."""
    return [
        quantity(value, rule.unit, language, rule.threshold) or None
        for value, rule in zip(
            gaps["value"], [book.by_id[one] for one in gaps["rule_id"]], strict=True
        )
    ]


def _shown(decided: Mapping[int, Criterion], language: Language) -> dict[str, str]:
    """Return value and limit of the gaps that another leg of their rule decided, by position."""
    return {
        str(row): figures.value_and_limit(
            found.value, found.comparison, found.limit, found.unit, language
        )
        for row, found in decided.items()
    }


def _rule_cells(rule: Rule, book: Book, strings: dict[str, int], language: Language) -> list[Any]:
    """Return rule, class, metric, unit, limit, clause and department, each by its place."""
    texts = [
        rule.id,
        book.items[rule.item].item_class,
        rule.metric[language],
        UNIT_LABELS[rule.unit][language],
        figures.value_and_limit(float("nan"), rule.comparison, rule.threshold, rule.unit, language),
        cited(book.sources[rule.source].title, rule.clause),
        book.departments[book.items[rule.item].lead].label[language],
    ]
    return [strings.setdefault(text, len(strings)) for text in texts]


def _inert(value: object) -> str:
    """Return JSON that cannot end a script, whatever its strings say."""
    return orjson.dumps(value).decode().replace("<", "\\u003c")


def _page(district: District, scripts: list[str], period: str, language: Language) -> str:
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    policy = (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    name = district.label[language]
    style = style_sheet() + (STATIC / "standalone.css").read_text(encoding="utf-8")
    facts = [
        say("common.data_of", language, date=period),
        say("common.version", language, version=district.version[:8]),
    ]
    if len(district["estates"]) > _WHOLE_DOSSIERS:
        facts.append(say("map.large_city_hint", language))
    spans = "".join(f"<span>{html.escape(fact)}</span>" for fact in facts)
    return "\n".join(
        [
            f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}"><head>',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(name)}</title><style>{style}</style></head><body>",
            f"<header><h1>{html.escape(name)}</h1>{spans}</header>",
            '<main><div id="gap-map-root" class="gap-map-root"></div></main>',
            f"<script>{scripts[0]}</script>",
            f'<script type="module">{scripts[1]}</script></body></html>',
        ]
    )
