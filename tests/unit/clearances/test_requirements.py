"""What the rulebook's tables require, looked up by hand; and tables that make no sense."""

import math
from typing import Any

import pytest

from clearances.features import FeatureClass
from clearances.requirements import Requirements, read_requirements
from clearances.tables import ATTRIBUTES
from geo.errors import StandardError
from tests.property.beds import requirements, tables

TREE, SHRUB = FeatureClass("tree"), FeatureClass("shrub")
SHAFT = FeatureClass("shaft", also=("building",))


SOUND: dict[str, Any] = {
    "subjects": ["lamp"],
    "object": "pipe",
    "source": "OURS",
    "clause": "test",
    "verified": "none",
    "rows": [{"object": {"kind": "RQ"}, "m": 1.0}],
}


@pytest.fixture(scope="module")
def book() -> Requirements:
    return requirements(tables())


def pipe(**surveyed: str | float) -> FeatureClass:
    return FeatureClass("pipe", tuple(surveyed.items()))


@pytest.mark.parametrize(
    ("subject", "obj", "metres", "source"),
    [
        (TREE, pipe(kind="RQ", pressure="low"), 1.2, "CJJ75-97"),
        (SHRUB, pipe(kind="JS"), 1.0, "GB50289-2016"),
        # 1.5 of GB 50289-2016 is held from memory: it does not override the figure that was seen.
        (TREE, pipe(kind="TX", laid="direct"), 1.0, "CJJ75-97"),
        (TREE, pipe(kind="TX", laid="duct"), 1.5, "CJJ75-97"),
        (TREE, FeatureClass("building_wall", (("has_windows", True),)), 3.0, "HJJG-2006"),
        (SHRUB, FeatureClass("building_wall", (("has_windows", False),)), 1.5, "HJJG-2006"),
        (TREE, FeatureClass("enclosure_wall", (("height_m", 1.99),)), 1.0, "OURS"),
        (TREE, FeatureClass("enclosure_wall", (("height_m", 2.0),)), 2.0, "OURS"),
        # The power code asks more than the greening code, up to the 35 kV at which it ends.
        (TREE, FeatureClass("overhead_line", (("voltage_kv", 0.4),)), 1.0, "CJJ75-97"),
        (TREE, FeatureClass("overhead_line", (("voltage_kv", 10.0),)), 2.0, "GB50061-2010"),
        (TREE, FeatureClass("overhead_line", (("voltage_kv", 35.0),)), 3.5, "GB50061-2010"),
        (TREE, FeatureClass("overhead_line", (("voltage_kv", 110.0),)), 2.0, "CJJ75-97"),
        # Table 4.1.9, read from either side: a shaft is a building.
        (SHAFT, pipe(kind="JS", diameter_mm=200.0), 1.0, "GB50289-2016"),
        (SHAFT, pipe(kind="JS", diameter_mm=200.1), 3.0, "GB50289-2016"),
        (pipe(kind="RQ", pressure="medium_a"), FeatureClass("building"), 1.5, "GB50289-2016"),
        (pipe(kind="JS", diameter_mm=100.0), pipe(kind="PS", sub_kind="WS"), 1.0, "GB50289-2016"),
        (pipe(kind="PS", sub_kind="WS"), pipe(kind="JS", diameter_mm=300.0), 1.5, "GB50289-2016"),
        (pipe(kind="RQ", pressure="low"), pipe(kind="RL", laid="trench"), 1.0, "GB50289-2016"),
    ],
)
def test_a_figure_is_the_tables(book, subject, obj, metres, source):
    found = book.between(subject, obj)
    assert (found.metres, found.source) == (metres, source)
    assert found.notes == ()
    assert not found.is_unsure


@pytest.mark.parametrize(
    ("obj", "metres", "said", "unsure"),
    [
        (pipe(kind="TX"), 1.5, "敷设方式不明", False),
        (pipe(kind="PS"), 1.5, "子类不明", False),
        (pipe(kind="BM"), 1.5, "无此管类", True),
        (pipe(kind="JS", sub_kind="WS"), 1.5, "不符", True),
        (FeatureClass("building_wall"), 3.0, "窗户情况不明", False),
        (FeatureClass("enclosure_wall"), 2.0, "墙高不明", False),
        (FeatureClass("pole"), 2.0, "类型不明", False),
        # The table ends at 330 kV: the strictest row may not be strict enough.
        (FeatureClass("overhead_line"), 4.0, "电压不明", True),
        (FeatureClass("overhead_line", (("voltage_kv", 500.0),)), 4.0, "电压超出表列", True),
    ],
)
def test_what_was_not_surveyed_takes_the_strictest_and_says_so(book, obj, metres, said, unsure):
    found = book.between(TREE, obj)
    assert found.metres == metres
    assert said in "；".join(note.zh for note in found.notes)
    assert found.is_unsure is unsure


def test_what_no_table_speaks_of_requires_nothing(book):
    assert book.between(FeatureClass("lamp"), pipe(kind="RQ")) is None
    assert book.between(SHRUB, FeatureClass("pole", (("kind", "lamp"),))) is None
    # A table that has a row, but no figure in the subject's column.
    assert math.isnan(book.between(SHRUB, pipe(kind="JS"), "cjj75_97").metres)
    assert book.between(TREE, TREE) is None


def test_a_table_of_windows_requires_nothing_of_a_blank_wall():
    windows = SOUND | {
        "object": "building_wall",
        "rows": [{"object": {"has_windows": True}, "m": 4}],
    }
    found = requirements(tables() | {"lamp_windows": windows})
    lamp, blank = FeatureClass("lamp"), FeatureClass("building_wall", (("has_windows", False),))
    assert found.between(lamp, blank) is None
    assert found.between(lamp, FeatureClass("building_wall")).metres == 4.0


@pytest.mark.parametrize("profile", ["", "gb50289"])
def test_a_table_may_take_its_largest_figure_for_a_kind_it_does_not_name(profile):
    table = SOUND | {"unlisted": "largest", "profile": profile}
    found = requirements(tables() | {"lamp_pipe": table}).between(
        FeatureClass("lamp"), pipe(kind="JS")
    )
    assert (found.metres, found.is_unsure) == (1.0, True)


@pytest.mark.parametrize(
    ("code", "attribute"),
    [(code, name) for code, names in ATTRIBUTES.items() for name in names if name != "kind"],
)
def test_every_attribute_may_be_unknown_or_beyond_a_table(code, attribute):
    limit = {"laid": "duct", "pressure": "low", "has_windows": True}.get(attribute, {"below": 1})
    rows = [{"object": {attribute: limit}, "m": 1.0}]
    found = requirements(tables() | {"lamp_thing": SOUND | {"object": code, "rows": rows}})
    lamp = FeatureClass("lamp")
    assert found.between(lamp, FeatureClass(code)).notes
    beyond = {"laid": "trench", "pressure": "sub_high_a", "has_windows": False}.get(attribute, 9.0)
    known = found.between(lamp, FeatureClass(code, ((attribute, beyond),)))
    assert known is None if attribute == "has_windows" else known.notes


def test_a_chosen_table_that_does_not_name_a_kind_gives_way_to_the_other(book):
    found = book.between(TREE, pipe(kind="ZH"), "cjj75_97")
    assert (found.metres, found.source) == (1.5, "GB50289-2016")
    assert found.notes[0].en == "taken from the other table"


def test_a_profile_the_rulebook_lacks_is_refused_with_those_it_has(book):
    with pytest.raises(StandardError, match="cjj75_97, gb50289, stricter"):
        book.between(TREE, pipe(kind="RQ"), "newest")


def test_a_new_profile_is_a_table_and_a_name():
    newer = {
        "subjects": ["tree"],
        "object": "pipe",
        "profile": "cjjt75_2023",
        "source": "CJJT75-2023",
        "clause": "7.2.1",
        "verified": "none",
        "rows": [{"object": {"kind": "RQ"}, "tree": 9.0}],
    }
    names = tables()["profiles"] | {"cjjt75_2023": {"zh": "新", "en": "new"}}
    more = requirements(tables() | {"tree_pipe_2023": newer, "profiles": names})
    assert more.between(TREE, pipe(kind="RQ"), "cjjt75_2023").metres == 9.0
    assert more.between(TREE, pipe(kind="RQ", pressure="low")).metres == 9.0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"object": "pipes"}, "expected one of pipe"),
        ({"verified": "surely"}, "verified is 'surely'"),
        ({"rows": [{"object": {"colour": "red"}, "m": 1.0}]}, "attribute of pipe is 'colour'"),
        ({"rows": [{"m": -1.0}]}, "greater than or equal to 0"),
        ({"rows": [{"m": math.inf}]}, "finite"),
        ({"rows": [{"m": "far"}]}, "valid number"),
        ({"rows": [{"lamb": 1.0}]}, "no meaning for lamb"),
        ({"rows": []}, "rows"),
        ({"secret": 1}, "secret"),
        ({"profile": "newest"}, "no name in clearance.profiles"),
        ({"object": {"kind": "RQ"}}, "object"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_by_name(change, says):
    with pytest.raises(StandardError, match="lamp_pipe") as caught:
        requirements(tables() | {"lamp_pipe": SOUND | change})
    assert says in caught.value.en


@pytest.mark.parametrize("lost", ["profiles", "measuring"])
def test_a_rulebook_without_a_part_is_refused(lost):
    rest = {name: table for name, table in tables().items() if name != lost}
    with pytest.raises(StandardError, match=lost):
        read_requirements(rest, {})


def test_a_table_in_the_former_grammar_is_refused_instead_of_being_ignored():
    former = {"gb50289": [{"pipe": "JS", "tree": 1.5}], "gb50289_verified": "recall"}
    with pytest.raises(StandardError, match="tree_pipe"):
        requirements(tables() | {"tree_pipe": former})
