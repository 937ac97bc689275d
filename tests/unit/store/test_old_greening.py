"""Greening events of schema 0: what they say is in the rows afterwards, once."""

import edits
from store.old_greening import rows_after
from tests.unit.greening.scene import ESTATE, ORIGIN, bed, district, tree

PLACE = district(
    greening_sites=[bed()],
    estates=[ESTATE],
    plantings=[
        tree("a", 5, 4, kind=None, species_id="LH-乔木-国槐"),
        tree("b", 9, 4, site_id=None),  # drawn into the bed, which nobody named
        tree("c", 13, 4, species_id="大槐"),
        tree("d", 90, 90, site_id=None),
    ],
)


def event(kind, site_id="bed", at="2023-05-20T08:00:00+08:00", **payload):
    return {"event": kind, "site_id": site_id, "at": at, **payload}


def state(x, y, **more):
    usual = {
        "east_m": ORIGIN[0] + x,
        "north_m": ORIGIN[1] + y,
        "kind": "tree",
        "species_id": "sophora_japonica",
        "caliper_cm": None,
        "height_m": None,
        "crown_m": None,
        "state": "proposed",
        "design_east_m": None,
        "design_north_m": None,
    }
    return {**usual, **more}


MOVED = {
    "planting_id": "a",
    "before": state(5, 4),  # as it was read then: kind and species recognised in the layer's name
    "after": state(
        6, 5, kind="shrub", species_id="lonicera_maackii",
        design_east_m=ORIGIN[0] + 5, design_north_m=ORIGIN[1] + 4,
    ),
}  # fmt: skip


def plain(frame, *columns):
    table = frame.set_index("planting_id")[list(columns)].astype(object)
    return {
        key: list(row)
        for key, row in zip(table.index, table.where(table.notna(), None).to_numpy(), strict=True)
    }


def test_every_kind_of_event_is_brought_into_the_rows():
    history = [
        event("change", changes=[MOVED]),
        event("species", site_id="", name="大槐", species_id="sophora_japonica"),
        event("protect", planting_id="b", comment="设阻根板"),
        event("move", to="checked", comment=""),
        event("move", to="planted"),
        event("count", planting_id="a", fate="alive"),
        event("count", planting_id="b", fate="dead"),
        event("count", planting_id="b", fate="replanted", at="2023-10-08T08:00:00+08:00"),
        event("rate", site_id="", rate=0.9, comment="干旱"),
    ]
    edit, refused = rows_after(PLACE, history)
    after = edits.apply(PLACE, edit)
    assert refused == []
    assert after["greening_sites"]["state"].tolist() == ["planted"]
    rows = after["plantings"]
    assert plain(rows, "state", "planted_date", "is_alive", "species_id") == {
        "a": ["planted", "2023-05-20", True, "lonicera_maackii"],
        "b": ["planted", "2023-10-08", True, "malus_micromalus"],
        "c": ["planted", "2023-05-20", None, "sophora_japonica"],
        "d": ["proposed", None, None, "malus_micromalus"],
    }
    moved = rows.set_index("planting_id").loc["a"]
    assert (moved.geometry.x, moved.geometry.y) == (ORIGIN[0] + 6, ORIGIN[1] + 5)
    assert (moved["kind"], moved["design_east_m"]) == ("shrub", ORIGIN[0] + 5)
    again, _ = rows_after(after, history[5:8])  # what is said already is nothing to change
    assert again.counts == {}


def test_a_change_of_a_design_that_came_in_anew_is_named_and_not_made():
    elsewhere = {**MOVED, "before": state(5.2, 4)}
    gone = {**MOVED, "planting_id": "ghost"}
    edit, refused = rows_after(PLACE, [event("change", changes=[elsewhere, gone])])
    assert not edit
    assert refused == ["a", "ghost"]


def test_a_change_taken_back_leaves_the_rows_as_they_were():
    back = {"planting_id": "a", "before": MOVED["after"], "after": MOVED["before"]}
    edit, refused = rows_after(
        PLACE, [event("change", changes=[MOVED]), event("change", changes=[back], undoes=1)]
    )
    assert refused == []
    after = edits.apply(PLACE, edit)["plantings"]
    assert plain(after, "species_id", "kind")["a"] == ["sophora_japonica", "tree"]  # as read then
    assert after.geometry.equals(PLACE["plantings"].geometry)


def test_an_event_that_is_not_whole_is_passed_over_and_a_value_no_layer_holds_changes_nothing():
    broken = [event("move"), event("count", planting_id="a"), event("change", changes=[{}])]
    whole = event("count", planting_id="a", fate="dead")
    edit, refused = rows_after(PLACE, [*broken, whole])
    assert edit.layers["plantings"].columns == {"is_alive": 1}
    assert refused == []
    edit, refused = rows_after(PLACE, [whole, event("move", to="felled")])
    assert not edit
    assert refused == ["a", "bed"]
