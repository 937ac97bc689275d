"""The rulebook: whole, consistent, overlaid in order, and refused when it fails its own tests."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from geo.errors import StandardError
from layers.findings import GAP_KINDS
from rules.book import load_book
from rules.overlay import read_layer
from rules.selftest import run_self_tests

SIGNED = 'why = "会议纪要"\nwho = "住建交通局"\nwhen = 2026-11-01\n'


@pytest.fixture
def extra(tmp_path: Path):
    """Return a function that loads the book with one project file laid over."""

    def _load(text: str, overlays: tuple[str, ...] = ("ningxia", "wuzhong", "litong")):
        file = tmp_path / "project.toml"
        file.write_text(text, "utf-8")
        return load_book(overlays, [file])

    return _load


def refusal(load, text: str) -> StandardError:
    """Return the error with which a project file is refused, in both languages."""
    with pytest.raises(StandardError) as refused:
        load(text)
    assert refused.value.zh
    return refused.value


def test_the_items_are_those_of_the_plan(book):
    # Counted in the plan, three (two) 1-3: what each class names; five (one): the survey.
    assert Counter(item.item_class for item in book.items.values()) == {
        "基础类": 14,
        "完善类": 15,
        "提升类": 12,
        "摸底调查": 1,
    }


def test_clauses_are_cited_in_the_language_of_their_source(book):
    assert [rule.clause for rule in book.rules if re.search("[A-Za-z]{4,}", rule.clause)] == []


def test_every_rule_can_be_read_in_both_languages(book):
    assert all(rule.metric_zh and rule.metric_en and rule.definition for rule in book.rules)
    assert all(len(rule.metric_en) <= 70 for rule in book.rules)
    assert {item.gap for item in book.items.values()} == set(GAP_KINDS)
    assert book.items["W15"].gap == "elevator"
    assert [item.id for item in book.items.values() if item.gap == "charging"] == ["W07", "W08"]


@pytest.mark.parametrize("day", [date(2023, 4, 1), date(2026, 11, 23)])
def test_every_item_has_a_rule_in_force(book, day):
    assert {rule.item for rule in book.in_force(day)} == set(book.items)


def test_the_lift_trigger_changes_with_the_law(book):
    def triggers(day):
        return {r.id for r in book.in_force(day) if r.id.startswith("lift.trigger")}

    assert triggers(date(2025, 4, 30)) == {"lift.trigger.2012"}
    assert triggers(date(2025, 5, 1)) == {"lift.trigger.2025"}


def test_the_nation_alone_knows_nothing_of_the_place():
    nation = load_book()
    assert nation.overlays == ("national",)
    assert "PLAN-2023" not in nation.sources
    assert nation.demography["persons_per_household"].value == 2.62
    assert nation.departments["zjj"].name == "住房城乡建设部门"
    assert "elder.area100.old" not in nation.by_id
    assert "elder_area" not in nation.families
    assert "利通" not in str(nation)


def test_every_change_gives_another_version(extra, book):
    changed = extra(f'[[change]]\nrule = "seat.interval"\nnote = "x"\n{SIGNED}')
    versions = {load_book().version, book.version, changed.version}
    assert len(versions) == 3
    assert load_book(("ningxia", "wuzhong", "litong")).version == book.version


def test_a_threshold_set_by_the_office_is_no_placeholder_and_keeps_its_signature(extra):
    text = f"""
[[change]]
rule = "parking.ratio.old"
value = 0.6
tests = [{{ m = 0.6, expect = "met" }}, {{ m = 0.5, expect = "short" }}]
{SIGNED}
"""
    rule = extra(text).by_id["parking.ratio.old"]
    assert rule.value == 0.6
    assert not rule.is_placeholder
    (change,) = rule.changes
    assert (change.overlay, change.field, change.before, change.after) == (
        "project",
        "value",
        "0.5",
        "0.6",
    )
    assert (change.who, change.when) == ("住建交通局", date(2026, 11, 1))


def test_a_change_that_breaks_the_rules_own_tests_is_refused(extra):
    error = refusal(extra, f'[[change]]\nrule = "parking.ratio.old"\nvalue = 0.6\n{SIGNED}')
    assert error.en == ("rule parking.ratio.old, self-test 1 (0.5): expected met, got short")


def test_a_wrong_self_test_is_refused_by_name(book):
    rule = book.by_id["lift.trigger.2025"]
    wrong = rule.tests[0].model_copy(update={"expect": "met"})
    with pytest.raises(StandardError, match=r"lift\.trigger\.2025, self-test 2 .*got missing"):
        run_self_tests([rule.model_copy(update={"tests": (*rule.tests[3:4], wrong)})])


def test_all_self_tests_are_run(book):
    assert run_self_tests(book.rules) == sum(len(rule.tests) for rule in book.rules)


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [
        ("fire.lane", "value", "3.5"),
        ("fire.dead_end", "value", "50"),
        ("fire.lane", "effective_to", "2026-01-01"),
        ("fire.lane", "bearing", '"binding_existing"'),
        ("fire.lane", "missing_beyond", "9"),
    ],
)
def test_a_locked_rule_is_never_loosened(extra, rule, field, value):
    error = refusal(extra, f'[[change]]\nrule = "{rule}"\n{field} = {value}\n{SIGNED}')
    assert f"rule {rule} is locked: {field}" in error.en


def test_a_locked_rule_may_be_made_stricter(extra):
    tests = '[{ m = 4.5, expect = "met" }, { m = 4.0, expect = "short" }]'
    text = f'[[change]]\nrule = "fire.lane"\nvalue = 4.5\ntests = {tests}\n{SIGNED}'
    assert extra(text).by_id["fire.lane"].value == 4.5
    tests = '[{ m = 30, expect = "met" }, { m = 40, expect = "short" }]'
    text = f'[[change]]\nrule = "fire.dead_end"\nvalue = 30\ntests = {tests}\n{SIGNED}'
    assert extra(text).by_id["fire.dead_end"].value == 30


RULE = """
[[rule]]
id = "bench.count"
item = "W04"
metric_zh = "座椅"
metric_en = "seats"
definition = "seats in the estate"
measure = { by = "count", of = { layer = "parking", kinds = ["ebike_shed"] } }
unit = "place"
op = ">="
value = 1
source = "OURS"
clause = "-"
strength = "convention"
bearing = "reference_only"
verified = "none"
override = "free"
tests = [{ m = 1, expect = "met" }]
"""


def test_a_project_may_add_a_rule(extra):
    assert extra(RULE).by_id["bench.count"].value == 1


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('item = "W04"', 'item = "W99"', "no item W99"),
        ('source = "OURS"', 'source = "NONE"', "no source NONE"),
        ('id = "bench.count"', 'id = "fire.lane"', "rule fire.lane is given twice"),
        ('verified = "none"', 'verified = "sure"', "verified"),
        ('bearing = "reference_only"', 'bearing = "binds"', "bearing is 'binds'"),
        ("[[rule]]", "[[rule]]\nmandatory_until = 2023-05-31", "only a mandatory rule"),
        ("[[rule]]", "[[rule]]\nnew_estates_only = true", "only a rule that is binding_new"),
        ("[[rule]]", '[[rule]]\ncondition_of = ["W99"]', "no item W99"),
        ('strength = "convention"', 'strength = "strong"', "strength is 'strong'"),
        ('unit = "place"', 'unit = "ell"', "unit is 'ell'"),
        ('op = ">="\n', "", "has op and value"),
        ('layer = "parking"', 'layer = "benches"', "no layer benches"),
        ('kinds = ["ebike_shed"]', 'kinds = ["bench"]', "parking has no kind bench"),
        ('kinds = ["ebike_shed"]', 'sum = "seats"', "parking has no column seats"),
        ('tests = [{ m = 1, expect = "met" }]', "tests = []", "has self-tests"),
        ('by = "count"', 'by = "magic"', "measure"),
        ("[[rule]]", '[[rule]]\nsupplier = "nobody"', "no supplier nobody"),
        ("[[rule]]", "[[rule]]\nsecret = 1", "secret"),
        ("[[rule]]", "[[rule", "project.toml"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(extra, was, becomes, says):
    assert says in refusal(extra, RULE.replace(was, becomes)).en


@pytest.mark.parametrize(
    ("source", "dates", "says"),
    [
        ("GB50180-93", "", "its source ends on 2018-11-30: give effective_to or kept_after"),
        ("GB50180-93", "effective_to = 2018-12-01\n", "its source ends on 2018-11-30"),
        ("GB50180-93", 'effective_to = 2018-11-30\nkept_after = "x"\n', "no kept_after is needed"),
        ("GB50180-2018", 'kept_after = "x"\n', "no kept_after is needed"),
        ("GB50180-2018", "effective_from = 2018-11-30\n", "before its source (2018-12-01)"),
    ],
)
def test_a_rule_that_is_asked_without_its_source_says_why(extra, source, dates, says):
    text = RULE.replace('source = "OURS"\n', f'{dates}source = "{source}"\n')
    assert says in refusal(extra, text).en


def test_a_rule_begins_with_its_source(extra):
    text = RULE.replace('source = "OURS"', 'source = "GB50180-2018"')
    assert extra(text).by_id["bench.count"].effective_from == date(2018, 12, 1)


def test_only_a_figure_confirms_a_placeholder(extra):
    noted = extra(f'[[change]]\nrule = "parking.ratio.old"\nnote = "x"\n{SIGNED}')
    assert noted.by_id["parking.ratio.old"].is_placeholder
    same = extra(f'[[change]]\nrule = "parking.ratio.old"\nverified = "measured"\n{SIGNED}')
    assert not same.by_id["parking.ratio.old"].is_placeholder


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ('{ by = "adequacy", supply = "capacity", demand = "persons" }', "within or within_m"),
        ('{ by = "adequacy", supply = "x", demand = "persons", within = "life5" }', "column x"),
        (
            '{ by = "adequacy", supply = "capacity", demand = "persons", within = "block" }',
            "no life circle block",
        ),
        ('{ by = "clearance", layer = "units" }', "columns or spacing"),
        ('{ by = "walk", layer = "parking", shared = "public" }', "no column public"),
        ('{ by = "walk", layer = "parking", shared = "is_public" }', "look_m with shared"),
        ('{ by = "walk", where = [["floor_area_m2", ">="]] }', "measure"),
        ('{ by = "area", column = "height", within = "life5" }', "no column height"),
        (
            '{ by = "attribute", layer = "units", columns = ["storeys"], among = "fire.lane" }',
            "no checklist rule fire.lane",
        ),
        (
            '{ by = "attribute", layer = "units", columns = ["storeys"], when = [["x", "==", 1]] }',
            "no column x",
        ),
    ],
)
def test_a_measure_that_cannot_be_taken_is_refused(extra, measure, says):
    was = '{ by = "count", of = { layer = "parking", kinds = ["ebike_shed"] } }'
    assert says in refusal(extra, RULE.replace(was, measure)).en


def test_a_checklist_has_no_threshold(extra):
    text = RULE.replace(
        '{ by = "count", of = { layer = "parking", kinds = ["ebike_shed"] } }',
        '{ by = "checklist", layer = "units", all = [["has_lift", "==", true]] }',
    )
    assert "no op and no value" in refusal(extra, text).en
    wrong = text.replace("has_lift", "has_wings")
    assert "no column has_wings" in refusal(extra, wrong).en


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'[[change]]\nrule = "no.such"\nvalue = 1\n{SIGNED}', "no known rule: 'no.such'"),
        ('[[change]]\nrule = "seat.interval"\nnote = "x"', "needs why, who and when"),
        (f'[[change]]\nrule = "seat.interval"\nid = "x"\n{SIGNED}', "id cannot be changed"),
        ('[source.OURS]\ntitle = "x"\nkind = "convention"', "source OURS exists already"),
        ('[[waive]]\nrule = "seat.interval"', "why"),
        (f'[[waive]]\nrule = "no.such"\n{SIGNED}', "no rule no.such"),
        (f'[[waive]]\nrule = "fire.lane"\n{SIGNED}', "locked and cannot be waived"),
        ("[circle.life5]\ndistance_m = 500", "without a [signed] table"),
        ('[[item]]\nid = "B01"\nlead = "nobody"', "no department nobody"),
        ('[[item]]\nid = "B01"\nclass = "别类"', "class is '别类'"),
        ('[supply]\nmoon = "zjj"', "no layer moon"),
        ('[supply]\ntrees = "nobody"', "no department nobody"),
        ('[supply.estates]\ndefault = "zjj"\n[supply.estates.columns]\nx = "zjj"', "no column x"),
        ('[supply.pipelines]\ndefault = "zjj"\n[supply.pipelines.kinds]\nXX = "gas"', "no kind XX"),
        ('[[item]]\nid = "B01"\nsupport = ["nobody"]', "no department nobody"),
        ('[family.lift]\nrules = ["no.such", "lift.trigger.2025"]', "no rule no.such"),
        ('[family.lift]\nrules = ["lift.trigger.2025"]', "rules"),
        ('[family.lift]\nrules = ["fire.lane", "lift.trigger.2025"]', "rules of one item"),
        (
            '[family.two]\nzh = "二"\nen = "two"\nrules = ["ev.old", "ev.new"]',
            "in no other family",
        ),
        ("[programme]\nfocus_until = 2010", "without a [signed] table"),
        ('[demography.share_60plus]\nsource = "NONE"', "no source NONE"),
    ],
)
def test_an_overlay_that_does_not_fit_is_refused(extra, text, says):
    assert says in refusal(extra, text).en


def test_a_signed_overlay_may_set_a_circle(extra):
    text = f"[circle.life5]\ndistance_m = 400\n[signed]\n{SIGNED}"
    assert extra(text).reach_m("life5") == 400


def test_an_overlay_gives_bodies_their_own_names(book):
    assert book.departments["zjj"].name == "区住房城乡建设和交通局"
    assert book.departments["zjj"].name_en == "Housing and Urban-Rural Development Bureau"
    assert book.items["W15"].assigned == "explicit"
    assert book.items["W15"].departments == ("zrj", "zjj")


@pytest.mark.parametrize(
    "overlays", [("litong", "ningxia"), ("litong", "litong"), ("national",), ("mars",)]
)
def test_overlays_are_known_and_in_order(overlays):
    with pytest.raises(StandardError, match="expected some of"):
        load_book(overlays)


def test_a_layer_without_files_is_refused(tmp_path):
    with pytest.raises(StandardError, match="no TOML file"):
        read_layer("project", tmp_path)
    with pytest.raises(StandardError, match="no TOML file"):
        read_layer("project", tmp_path / "none.toml")


def test_a_layer_gives_nothing_twice(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('[supply]\ntrees = "zrj"\n', "utf-8")
    with pytest.raises(StandardError, match=r"supply\.trees is given twice"):
        read_layer("project", tmp_path)
