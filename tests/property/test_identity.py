"""Identity: no spelling of a known name adds a row or renames one silently, in any layer."""

import hypothesis.strategies as st
import pytest
from hypothesis import assume, example, given

from edits import apply
from intake.acceptance import accept
from intake.merging import merge
from intake.spelling import spelling
from tests.examples import examples
from tests.unit.intake import known
from tests.unit.intake.known import asked, draft, survey

DISTRICT = known.district()
NAMED = {
    "estates": ("小区编号", "小区名称"),
    "buildings": ("楼栋编号", "楼号"),
    "facilities": ("设施编号", "设施名称"),
}
NUMERALS = str.maketrans("123", "一二三")
WIDE = str.maketrans("0123456789#", "０１２３４５６７８９＃")
BLOCKS = ("号楼", "幢", "栋", "#", "＃", "#楼", " 号楼")


@st.composite
def variants(draw, name):
    """Spell a name as people and programs do; a phase in brackets may follow."""
    for block in ("号楼", "#"):
        if block in name and draw(st.booleans()):
            name = name.replace(block, draw(st.sampled_from(BLOCKS)))
    if draw(st.booleans()):
        name = name.translate(draw(st.sampled_from([NUMERALS, WIDE])))
    for mark in draw(st.lists(st.sampled_from(" \u3000\u200b\u00a0·-"), max_size=3)):
        at = draw(st.integers(0, len(name)))
        name = name[:at] + mark + name[at:]
    return name + draw(st.sampled_from(["", "", "（一期）", "(二期)", "（ 1期 ）"]))


@st.composite
def rows(draw):
    """Return a layer, some of its features with a name each, and what the file has of them."""
    layer = draw(st.sampled_from(sorted(NAMED)))
    frame = DISTRICT[layer]
    at = draw(st.lists(st.integers(0, len(frame) - 1), min_size=1, unique=True))
    names = [draw(variants(frame["name"].iloc[i])) for i in at]
    return layer, at, names, draw(st.booleans()), draw(st.booleans())


def table(layer, at, names, *, with_key, with_geometry):
    """Return the rows as a table for the layer, with another figure than the district has."""
    frame, (key, name) = DISTRICT[layer], NAMED[layer]
    columns = {name: names}
    if with_key:
        columns = {key: frame.iloc[at, 0].tolist()} | columns
    if layer == "buildings":
        columns["小区名称"] = ["建行南苑"] * len(at)
    if layer == "facilities":
        columns["设施类型"] = frame["kind"].iloc[at].tolist()
    shapes = frame.geometry.iloc[at].tolist() if with_geometry else []
    lines = list(zip(*columns.values(), strict=True))
    one = draft(survey(list(columns), lines, geometry=shapes), layer)
    return one.choose("crs", "EPSG:4544") if with_geometry else one


@examples(150)
@given(rows())
def test_a_spelling_adds_nothing_and_renames_nothing_silently(given_):
    layer, at, names, with_key, with_geometry = given_
    one = table(layer, at, names, with_key=with_key, with_geometry=with_geometry)
    assert len(one.questions) <= 3
    if one.questions:
        return  # asked, and nothing is written until somebody answers
    receipt = accept(one)
    assert receipt.read == len(at) == len(receipt.accepted) + receipt.quarantined_rows
    before, after = DISTRICT[layer], apply(DISTRICT, merge(DISTRICT, receipt))[layer]
    assert after.iloc[:, 0].tolist() == before.iloc[:, 0].tolist()
    renamed = [new for old, new in zip(before["name"], after["name"], strict=True) if old != new]
    assert all(any(name in note.zh for note in receipt.notes) for name in renamed)


@examples(100)
@given(rows(), st.sampled_from(["name", "known"]))
@example(("estates", [0], ["建行南苑（一期）"], False, False), "known")
def test_whatever_is_answered_a_spelling_adds_nothing(given_, answer):
    layer, at, names, _, with_geometry = given_
    one = table(layer, at, names, with_key=False, with_geometry=with_geometry)
    if "key" in asked(one):  # the known key is on offer where rows are found by their names
        offered = {offer.value for offer in one.proposal("key").candidates}
        one = one.choose("key", answer if answer in offered else "name")
    if asked(one):
        return
    after = apply(DISTRICT, merge(DISTRICT, accept(one)))[layer]
    assert len(after) == len(DISTRICT[layer])


@examples(60)
@given(st.sampled_from(["estates", "buildings"]), st.data(), st.booleans())
def test_names_permuted_among_keys_are_always_asked_about(layer, data, with_geometry):
    frame = DISTRICT[layer]
    count = len(frame)
    order = data.draw(st.permutations(range(count)))
    assume(order != list(range(count)))
    names = [frame["name"].iloc[i] for i in order]
    one = table(layer, list(range(count)), names, with_key=True, with_geometry=with_geometry)
    assert asked(one) == ["conflict"]
    after = apply(DISTRICT, merge(DISTRICT, accept(one.choose("conflict", "quarantine"))))[layer]
    assert after["name"].tolist() == frame["name"].tolist()
    receipt = accept(one.choose("conflict", "name"))
    assert receipt.quarantined == ()
    assert apply(DISTRICT, merge(DISTRICT, receipt))[layer]["name"].tolist() == list(frame["name"])


@example("0栋栋")
@example("3住宅楼住宅楼")
@example("2第3栋")
@given(st.text("建行南苑第一二三十0123456789#＃号楼幢栋（）()期 \u200b-", max_size=14))
def test_the_spelling_of_a_spelling_is_itself(name):
    assert spelling(spelling(name)) == spelling(name)


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("layer", sorted(NAMED))
def test_what_the_district_has_comes_back_unasked(layer, with_key):
    names = DISTRICT[layer]["name"].tolist()
    one = table(layer, list(range(len(names))), names, with_key=with_key, with_geometry=False)
    assert asked(one) == []
    assert accept(one).quarantined == ()
