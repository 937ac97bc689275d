"""The dossier of an estate: every finding once, in order, in words, with what it draws."""

from datetime import date

import geopandas as gpd
import numpy as np
import orjson
import pytest
import shapely

from layers.district import District
from layers.findings import FAILING, is_gap
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from views.dossier import dossier, dossier_texts
from views.figures import comparison
from views.map.evidence import finding_evidence

CLASS_ORDER = ["基础类", "完善类", "提升类", "摸底调查"]


@pytest.fixture(scope="module")
def book(tiny_demo: District) -> Book:
    return load_book(overlays=tiny_demo.overlays)


@pytest.fixture(scope="module")
def findings(tiny_demo: District, book: Book) -> gpd.GeoDataFrame:
    return full_table(evaluate(tiny_demo, book, date(2026, 1, 1)), tiny_demo, book)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_of_the_estate_stands_in_it_once(
    tiny_demo: District, book: Book, findings: gpd.GeoDataFrame, language: str
) -> None:
    words = language  # type: ignore[arg-type]
    for row, estate_id in enumerate(tiny_demo["estates"]["estate_id"]):
        own = findings[findings["estate_id"] == estate_id]
        told = dossier(tiny_demo, book, own, row, words)
        assert told["name"] == tiny_demo["estates"]["name"].iloc[row]
        assert sorted(f["rule"] for f in told["findings"]) == sorted(own["rule_id"])
        for finding in told["findings"]:
            row_of = own[own["rule_id"] == finding["rule"]].iloc[0]
            assert finding["outcome"] == row_of["outcome"]
            assert finding["reason"] == row_of[f"reason_{language}"]
            texts = [text for _, text in finding["details"]]
            assert any(text.endswith(row_of["clause"]) for text in texts)
            assert row_of["department" if language == "zh" else "department_en"] in texts
        orjson.dumps(told)


def test_findings_stand_by_class_and_the_worst_first(
    tiny_demo: District, book: Book, findings: gpd.GeoDataFrame
) -> None:
    own = findings[findings["estate_id"] == tiny_demo["estates"]["estate_id"].iloc[0]]
    told = dossier(tiny_demo, book, own.sample(frac=1, random_state=7), 0, "zh")["findings"]
    classes = [CLASS_ORDER.index(finding["class"]) for finding in told]
    assert classes == sorted(classes)
    severity = own.set_index("rule_id")["severity"].fillna(-1)
    for place in range(3):
        worst = [severity[f["rule"]] for f in told if f["class"] == CLASS_ORDER[place]]
        assert worst == sorted(worst, reverse=True)


def test_groups_have_words_in_both_languages() -> None:
    for language in ("zh", "en"):
        around = dossier_texts(language)  # type: ignore[arg-type]
        assert {"gaps", "marginal", "pending", "unknown", "met"} <= set(around["groups"])
        assert list(around["classes"]) == CLASS_ORDER


def test_a_finding_stands_under_what_it_says(
    tiny_demo: District, book: Book, findings: gpd.GeoDataFrame
) -> None:
    for row, estate_id in enumerate(tiny_demo["estates"]["estate_id"]):
        own = findings[findings["estate_id"] == estate_id].set_index("rule_id")
        group = {
            f["rule"]: f["group"]
            for f in dossier(tiny_demo, book, own.reset_index(), row, "zh")["findings"]
        }
        assert set(group.values()) <= set(dossier_texts("zh")["groups"])
        assert {rule for rule, name in group.items() if name == "gaps"} == set(
            own.index[is_gap(own)]
        )
        failing = own["outcome"].isin(FAILING)
        repeated = (failing | own["outcome"].eq("unknown")) & ~own["leads"]
        assert {rule for rule, name in group.items() if name == "repeated"} == set(
            own.index[repeated]
        )
        for kind in ("yardstick", "condition", "pending"):
            mine = failing & own["leads"] & (own["statement"] == kind)
            assert {rule for rule, name in group.items() if name == kind} == set(own.index[mine])


def test_an_estate_without_findings_still_has_a_dossier(
    tiny_demo: District, book: Book, findings: gpd.GeoDataFrame
) -> None:
    assert dossier(tiny_demo, book, findings.iloc[:0], 0, "zh")["findings"] == []


def drawn(shape: shapely.Geometry | None, threshold: float, unit: str = "m") -> dict[str, object]:
    frame = gpd.GeoDataFrame(
        {"threshold": [threshold], "unit": [unit]},
        geometry=gpd.GeoSeries([shape], crs="EPSG:4544"),
    )
    return finding_evidence(frame, "en")[0]


# A walk 300 m east, then 400 m north: 700 m long, its ends 500 m apart (3-4-5 triangle).
WALK = shapely.LineString([(600_000, 4_200_000), (600_300, 4_200_000), (600_300, 4_200_400)])


def test_a_walk_is_drawn_with_its_length_its_straight_line_and_its_tick() -> None:
    route = drawn(WALK, 500.0)["route"]
    assert isinstance(route, dict)
    assert (route["text"], route["straightText"]) == ("walk 700 m", "straight 500 m")
    assert route["tickText"] == "limit 500 m"
    assert route["straight"] == [route["line"][0], route["line"][-1]]
    corner, end = np.array(route["line"][1]), np.array(route["line"][2])
    # 500 m along: 200 of the 400 m from the corner to the end, so half way; 6 decimals are kept.
    assert np.array(route["tick"]) == pytest.approx((corner + end) / 2, abs=2e-6)


@pytest.mark.parametrize(
    ("threshold", "unit"), [(700.0, "m"), (900.0, "m"), (0.0, "m"), (np.nan, "m"), (5.0, "place")]
)
def test_a_walk_within_its_limit_has_no_tick(threshold: float, unit: str) -> None:
    route = drawn(WALK, threshold, unit)["route"]
    assert isinstance(route, dict)
    assert route["tick"] is None


def test_places_are_drawn_as_spots_and_nothing_as_nothing() -> None:
    points = shapely.MultiPoint([(600_000, 4_200_000), (600_100, 4_200_000)])
    spots = drawn(points, np.nan)["spots"]
    assert isinstance(spots, list)
    assert len(spots) == 2
    many = shapely.MultiPoint([(600_000 + n, 4_200_000) for n in range(500)])
    assert len(drawn(many, np.nan)["spots"]) == 400  # type: ignore[arg-type]
    assert drawn(None, 5.0) == {}


@pytest.mark.parametrize(
    ("outcome", "value", "unit", "shown"),
    [
        ("missing", 742.4, "m", "742 m（≤ 500 m）"),
        ("missing", np.nan, "m", "不可达（≤ 500 m）"),
        ("unknown", np.nan, "m", "≤ 500 m"),
        ("missing", np.nan, "place", "≤ 500 处"),
    ],
)
def test_a_walk_that_leads_nowhere_says_so(
    outcome: str, value: float, unit: str, shown: str
) -> None:
    finding = {"outcome": outcome, "value": value, "op": "<=", "threshold": 500.0, "unit": unit}
    assert comparison(finding, "zh") == shown
