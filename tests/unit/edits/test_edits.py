"""Edits: what they say, what they refuse, and what survives them."""

import dataclasses

import pytest

import edits
from edits import named, rows
from geo.errors import CrsError, DataError
from tests.tiny_town import ORIGIN, UNITS, facility, frame, point, tiny_town

PLANTING = {"planting_id": "P1", "state": "proposed", "crown_m": 3.0, "geometry": point(20, 20)}
GATE = {"entrance_id": "G1", "estate_id": "A", "state": "closed", "geometry": point(50, 10)}
OF_TREES = '{"crs":"EPSG:4544","layers":{"trees":{?}}}'


@pytest.fixture(scope="module")
def town():
    """Return the tiny town with a planting and a closed gate."""
    return tiny_town(plantings=[PLANTING], entrances=[GATE])


def test_only_cells_that_change_are_in_an_edit_and_in_its_text(town):
    edit = rows.set_values(town, "plantings", {"P1": {"state": "removed", "crown_m": 3.0}})
    (change,) = edit
    assert (dict(change.before), dict(change.after)) == (
        {"state": "proposed"},
        {"state": "removed"},
    )
    assert '"changed":{"P1":{"state":["proposed","removed"]}}' in edits.to_json(edit)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh",
            "栽植点 P1：状态 拟栽 → 取消；移动 5.00 m（{was} → {becomes}）",
        ),
        (
            "en",
            (
                "plantings P1: state proposed → taken out of the design; "
                "moved 5.00 m ({was} → {becomes})"
            ),
        ),
    ],
)
def test_a_changed_row_says_what_became_of_which_cell(town, language, sentence):
    values = {"state": "removed", "geometry": point(23, 24)}
    (change,) = rows.set_values(town, "plantings", {"P1": values})
    places = {"was": "600020.00, 4200020.00", "becomes": "600023.00, 4200024.00"}
    assert change.sentence(language) == sentence.format(**places)


def test_rows_that_come_and_go_are_said_with_their_first_columns(town):
    edit = named.add_facility(town, "F9", "shop", point(5, 5), {**ORIGIN, "name": "便利店"})
    (change,) = edit
    assert change.sentence("zh") == "新增设施 F9：设施类型 便利店，设施名称 便利店，开放状态 开放"
    (back,) = edit.inverted()
    assert back.sentence("en").startswith("removed from facilities: F9: kind convenience store")
    assert edit.sentence("en") == "facilities: 1 rows added, 0 changed, 0 removed"


def test_a_cell_that_somebody_else_changed_is_named_with_both_values(town):
    edit = named.remove_planting(town, "P1")
    once = edits.apply(town, edit)
    with pytest.raises(
        edits.EditConflictError, match=r"P1: state is removed, .*expects proposed"
    ) as info:
        edits.apply(once, edit)
    error = info.value
    assert (error.layer, error.key, error.column) == ("plantings", "P1", "state")
    assert (error.found, error.expected) == ("removed", "proposed")
    assert "“状态”现为 removed" in error.zh


def test_two_edits_of_different_cells_of_one_row_do_not_disturb_each_other(town):
    one = rows.set_values(town, "plantings", {"P1": {"crown_m": 4.0}})
    other = rows.set_values(town, "plantings", {"P1": {"height_m": 2.0}})
    both = edits.apply(edits.apply(town, one), other)
    assert both["plantings"][["crown_m", "height_m"]].values.tolist() == [[4.0, 2.0]]
    assert edits.apply(town, one.then(other)).version == both.version


def test_a_row_that_is_missing_or_there_already_is_a_conflict(town):
    added = named.add_facility(town, "F9", "shop", point(5, 5), ORIGIN)
    after = edits.apply(town, added)
    with pytest.raises(edits.EditConflictError, match="facility_id is F9, the edit expects —"):
        edits.apply(after, added)
    with pytest.raises(edits.EditConflictError, match="facility_id is —, the edit expects F9"):
        edits.apply(town, added.inverted())


def test_a_removed_row_must_be_wholly_as_it_was(town):
    gone = rows.remove_row(town, "plantings", "P1")
    taller = edits.apply(town, rows.set_values(town, "plantings", {"P1": {"height_m": 2.0}}))
    with pytest.raises(edits.EditConflictError, match=r"height_m is 2\.0, the edit expects —"):
        edits.apply(taller, gone)


@pytest.mark.parametrize(
    ("layer", "key", "named_row"), [("estates", "A", "A-1"), ("buildings", "B-1", "B-1-1")]
)
def test_a_row_to_which_others_refer_cannot_go(town, layer, key, named_row):
    with pytest.raises(DataError, match=named_row):
        edits.apply(town, rows.remove_row(town, layer, key))


def test_an_id_that_an_edit_writes_must_lead_to_a_row(town):
    edit = rows.set_values(town, "units", {"A-1-1": {"building_id": "Z-9"}})
    with pytest.raises(DataError, match=r"building_id refers to no row of buildings: Z-9"):
        edits.apply(town, edit)


def test_the_first_row_of_a_layer_is_held_against_every_id_into_it():
    empty = tiny_town(buildings=[], units=UNITS)  # while no building is known, no id is wrong
    building = {**ORIGIN, "building_id": "A-1", "estate_id": "A"}
    edit = rows.add_row(empty, "buildings", building, point(0, 0).buffer(1))
    with pytest.raises(DataError, match=r"units: building_id refers to no row of buildings: B-1"):
        edits.apply(empty, edit)


@pytest.mark.parametrize("column", ["crown", "planting_id"])
def test_a_column_that_rows_lack_and_the_key_cannot_be_set(town, column):
    with pytest.raises(DataError, match=f"'{column}' is no column that can be set"):
        rows.set_values(town, "plantings", {"P1": {column: 3.0}})
    with pytest.raises(DataError, match="'no_such_column' is no column"):
        named.add_facility(town, "F9", "shop", point(5, 5), {**ORIGIN, "no_such_column": 3})


def test_a_value_that_the_layer_cannot_hold_is_refused(town):
    with pytest.raises(DataError, match="found 'felled'"):
        rows.set_values(town, "plantings", {"P1": {"state": "felled"}})
    edit = rows.set_values(town, "plantings", {"P1": {"state": "planted"}})
    text = edits.to_json(edit).replace("planted", "felled")
    with pytest.raises(DataError, match="found 'felled'"):
        edits.apply(town, edits.from_json(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"crs":"EPSG:4544","layers":{"nowhere":{}}}', "no layer 'nowhere'"),
        ('{"crs":"file:///etc/passwd"}', "no CRS"),
        ('{"crs":"EPSG:4544","more":1}', "more"),
        (OF_TREES.replace("?", '"added":{"T":{"tree_id":"U"}}'), "its key"),
        (OF_TREES.replace("?", '"changed":{"T":{"tree_id":["T","U"]}}'), "other than"),
        (OF_TREES.replace("?", '"changed":{"T":{"geometry":["POINT (1 2)","x"]}}'), "WKT"),
        (OF_TREES.replace("?", '"changed":{"T":{"crown_m":[1,NaN]}}'), "crown_m"),
    ],
)
def test_a_text_that_is_no_edit_says_where(text, said):
    with pytest.raises(DataError, match=said):
        edits.from_json(text)


def test_an_edit_in_another_crs_is_refused(town):
    text = edits.to_json(named.remove_planting(town, "P1")).replace("EPSG:4544", "EPSG:4543")
    with pytest.raises(CrsError, match="expected CGCS2000"):
        edits.apply(town, edits.from_json(text))


def test_what_was_computed_of_other_layers_survives(town):
    network, totals = town.network, town.totals
    after = edits.apply(town, named.remove_planting(town, "P1"))
    assert after.network is network
    assert after["units"] is town["units"]
    changed = {name for name in totals if after.totals[name] != totals[name]}
    assert changed == {"plantings"}
    assert edits.apply(town, rows.remove_row(town, "walkways", "S00")).network is not network


def test_a_recorded_edit_marks_what_was_looked_at_and_an_assumed_one_does_not():
    town = tiny_town(facilities=[facility("K", "kindergarten", 1, 1)])
    blank = edits.apply(
        town, edits.Edit(town.crs, surveyed_kinds=edits.SetChange(removed=frozenset({"shop"})))
    )
    edit = named.add_facility(blank, "F9", "shop", point(5, 5), ORIGIN)
    assert edits.apply(blank, edit).has_kind("shop")
    assert not edits.apply(blank, edit, assumed=True).has_kind("shop")
    assert not edits.apply(edits.apply(blank, edit), edit.inverted()).has_kind("shop")


def test_a_correction_of_a_row_says_nothing_of_other_rows_of_its_kind():
    town = tiny_town(facilities=[facility("K", "kindergarten", 1, 1)])
    kinds = town.surveyed_kinds - {"kindergarten", "shop"}
    blank = dataclasses.replace(town, surveyed_kinds=kinds)
    named_so = rows.set_values(blank, "facilities", {"K": {"name": "启明幼儿园"}})
    assert not edits.apply(blank, named_so).has_kind("kindergarten")
    moved = rows.set_values(blank, "facilities", {"K": {"kind": "shop"}})
    assert edits.apply(blank, moved).surveyed_kinds == blank.surveyed_kinds | {"shop"}


def test_columns_that_this_build_does_not_know_stay_with_their_rows():
    trees = frame("trees", [{"tree_id": k, "kind": "tree", "geometry": point(1, 1)} for k in "ab"])
    known = tiny_town(trees=[]).with_frames(trees=trees)
    strange = known["trees"].assign(bark=["rough", None])
    newer = known.sharing(
        {"trees": strange}, surveyed=known.surveyed, surveyed_kinds=known.surveyed_kinds
    )
    edit = rows.set_values(newer, "trees", {"a": {"crown_m": 2.0}})
    assert edits.apply(newer, edit)["trees"]["bark"].tolist()[0] == "rough"
    whole = edits.from_json(edits.to_json(rows.remove_row(newer, "trees", "a").inverted()))
    assert dict(next(iter(whole)).after)["bark"] == "rough"
