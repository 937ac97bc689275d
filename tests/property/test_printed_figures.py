"""No printed figure satisfies a failed comparison, and none fails one that is met."""

import re
from datetime import date
from pathlib import Path

import pytest

import answer_key
import demo
from layers.findings import FAILING
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from rules.rounding import exact, figure
from store import read_district

ROOT = Path(__file__).parents[2]
BOOK = load_book(("ningxia", "wuzhong", "litong"))
_SAID = {
    "zh": re.compile(
        r"(?:为|[门口]步行) ([\d,.]+)[^，；]*，(达标|不足|缺失|超标|超距)，"
        r"应(不小于|不大于|为) ([\d,.]+)"
    ),
    "en": re.compile(
        r"(?:: |(?:door|gate) is )([\d,.]+)[^,;]*, "
        r"(met|too (?:little|few|much|many|far)|missing) \((at least|at most|should be) ([\d,.]+)"
    ),
}
_MET = ("达标", "met")
_AT_LEAST = ("不小于", "at least")


def _read(text):
    return float(text.rstrip("%.,").replace(",", ""))


def _keeps(value, op, limit):
    return value >= limit if op == ">=" else value <= limit


def contradictions(district, as_of):
    """Yield findings whose figures, as printed, say another thing than their outcome."""
    table = full_table(evaluate(district, BOOK, as_of), district, BOOK)
    decided = table[table["outcome"].isin(("met", *FAILING)) & table["value"].notna()]
    columns = ("outcome", "value", "op", "threshold", "unit", "finding_id")
    for outcome, value, op, limit, unit, name in zip(
        *(decided[column] for column in columns), strict=True
    ):
        printed, beside = _read(figure(value, unit, limit)), _read(exact(limit, unit))
        if _keeps(printed, op, beside) != (outcome == "met"):
            yield name, outcome, printed, op, beside
    for language, pattern in _SAID.items():
        for said in decided[f"reason_{language}"]:
            for value, word, demand, limit in pattern.findall(said):
                op = ">=" if demand in _AT_LEAST else "<="
                if _keeps(_read(value), op, _read(limit)) != (word in _MET):
                    yield said


@pytest.mark.parametrize("as_of", [date(2023, 4, 1), date(2026, 1, 1)])
def test_no_printed_figure_contradicts_its_outcome(full_demo, as_of):
    assert list(contradictions(full_demo, as_of)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2023, 7])
def test_values_planted_at_every_threshold_are_printed_on_their_side(seed):
    district = answer_key.build("demo", seed).district
    assert list(contradictions(district, date(2026, 1, 1))) == []


@pytest.mark.slow
@pytest.mark.parametrize("city", ["helsinki", "monaco"])
def test_figures_of_real_cities_contradict_no_outcome(city):
    district = read_district(ROOT / "data" / "cities" / city)
    assert list(contradictions(district, date(2026, 1, 1))) == []


@pytest.mark.slow
def test_figures_of_the_stress_district_contradict_no_outcome():
    assert list(contradictions(demo.district("stress"), date(2026, 1, 1))) == []
