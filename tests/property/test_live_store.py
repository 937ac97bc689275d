"""Whatever is changed in a live store, its chain holds and every former version comes back."""

import sqlite3
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

import store
from edits import difference
from geo.errors import StoreError
from layers.district import District
from store import Signature, open_store
from store.chain import broken_link, canonical, sealed
from tests.examples import examples

WHO = Signature("某人", "2026-11-25T09:00:00+08:00", "试验")
FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
trees = st.dictionaries(
    st.sampled_from("abcdef"),
    st.fixed_dictionaries(
        {
            "species": st.none() | texts,
            "crown_m": st.none() | st.floats(0, 30),
            "east": st.integers(5_000_000, 5_999_999),
        }
    ),
    max_size=5,
)


def _district(rows):
    """Return a district of one layer: trees by key."""
    table = pd.DataFrame([{"tree_id": k, "kind": "tree", **FACTS, **v} for k, v in rows.items()])
    if not rows:
        table = pd.DataFrame(columns=["tree_id", "kind", *FACTS, "species", "crown_m", "east"])
    points = [shapely.Point(row["east"] / 10, 4_200_000) for row in rows.values()]
    frame = gpd.GeoDataFrame(table.drop(columns="east"), geometry=points, crs=4544)
    return District.from_frames({"trees": frame}, crs=CRS.from_epsg(4544), name="某区")


@pytest.mark.slow
@given(st.lists(trees, min_size=2, max_size=4))
@examples(12)
def test_any_sequence_of_changes_keeps_the_chain_and_every_version(states):
    districts = [_district(rows) for rows in states]
    with tempfile.TemporaryDirectory() as folder:
        store.write_district(districts[0], Path(folder))
        live = open_store(Path(folder))
        for before, after in pairwise(districts):
            change = live.apply(difference(before, after), base=before.version, entry=WHO)
            assert change.version == after.version
            # Second method: the rows that differ, counted by hand from what was drawn.
            old, new = states[districts.index(before)], states[districts.index(after)]
            common = old.keys() & new.keys()
            expected = (
                len(new.keys() - old.keys()),
                sum(repr(old[key]) != repr(new[key]) for key in common),
                len(old.keys() - new.keys()),
            )
            assert change.counts.get("trees", (0, 0, 0)) == expected
        live.verify()
        for district in districts:
            assert live.read(district.version).version == district.version
        live.restore(districts[0].version, entry=WHO)
        assert live.read().version == districts[0].version
        live.verify()


payloads = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
decisions = st.tuples(
    st.sampled_from(["greening", "booklet", "scenario"]),
    st.sampled_from(["", "甲", "乙"]),
    st.dictionaries(texts, payloads, max_size=3),
    st.lists(st.binary(max_size=6), max_size=2),
)


@given(st.lists(trees | decisions, min_size=1, max_size=5))
@examples(10)
def test_decisions_and_rows_in_any_order_are_kept_backed_up_and_found(steps):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store.write_district(_district({}), folder / "d")
        live, versions = open_store(folder / "d"), []
        for step in steps:
            if isinstance(step, dict):
                entry = live.apply(
                    difference(live.read(), _district(step)), base=live.read().version, entry=WHO
                )
            else:
                kind, subject, payload, blobs = step
                entry = live.record(kind, payload, entry=WHO, subject=subject, blobs=blobs)
            versions.append((entry.version, live.read().version))
        assert [told == found for told, found in versions] == [True] * len(steps)
        live.verify()
        live.backup(folder / "b.gpkg", entry=WHO)
        again = open_store(folder / "again")
        again.restore_backup(folder / "b.gpkg", entry=WHO)
        again.verify()
        assert again.history()[:-1] == live.history()
        drawn = [step for step in steps if not isinstance(step, dict)]
        for kind in ("greening", "booklet", "scenario"):
            # Second method: what was drawn, filtered by hand.
            mine = [step for step in drawn if step[0] == kind]
            found = again.journal(kind)
            assert [(e.subject, dict(e.payload)) for e in found] == [step[1:3] for step in mine]
            kept = [{again.blob(digest) for digest in e.blobs} for e in found]
            assert kept == [set(step[3]) for step in mine]


@given(trees, trees)
@examples(40)
def test_two_states_without_a_difference_are_the_same_version(one, other):
    before, after = _district(one), _district(other)
    assert bool(difference(before, after)) == (before.version != after.version)


records = st.dictionaries(texts, st.none() | st.integers() | texts | st.booleans(), max_size=4)


@given(st.lists(records, min_size=1, max_size=5), st.data())
def test_a_chain_with_any_one_character_altered_is_broken_there(fields, data):
    links, previous = [], "0" * 64
    for record in fields:
        links.append(sealed(canonical(record), previous))
        previous = links[-1].digest
    assert broken_link(links) is None
    place = data.draw(st.integers(0, len(links) - 1))
    part = data.draw(st.sampled_from(["text", "previous", "digest"]))
    whole = getattr(links[place], part)
    at = data.draw(st.integers(0, len(whole) - 1))
    forged = whole[:at] + chr(ord(whole[at]) ^ 1) + whole[at + 1 :]
    links[place] = links[place]._replace(**{part: forged})
    assert broken_link(links) == place + 1


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the file of a store after three changes, its triggers dropped by a forger."""
    folder = tmp_path_factory.mktemp("forged")
    rows = {"a": {"species": "榆", "crown_m": 2.5, "east": 5_000_000}}
    states = [_district(rows), _district(rows | {"b": rows["a"]}), _district({})]
    store.write_district(states[0], folder)
    for before, after in pairwise(states):
        open_store(folder).apply(difference(before, after), base=before.version, entry=WHO)
    open_store(folder).verify()
    with closing(sqlite3.connect(folder / "district.gpkg")) as base, base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'litong%'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
    return folder


@given(st.data())
@examples(40)
def test_any_one_byte_of_the_trail_altered_is_found(written, data):
    """Records and former rows: every stored text and shape, one bit of one byte flipped."""
    with closing(sqlite3.connect(written / "district.gpkg", isolation_level=None)) as base:
        cells = [
            (table, column, row)
            for table, columns in (
                ("litong_journal", ("record", "previous", "digest")),
                ("litong_past_trees", ("_action", "_key", "geom", "species")),
            )
            for column in columns
            for (row,) in base.execute(
                f"SELECT rowid FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
            )
        ]
        table, column, row = data.draw(st.sampled_from(cells))
        where = f"FROM {table} WHERE rowid = ?"
        (value,) = base.execute(f"SELECT {column} {where}", (row,)).fetchone()
        raw = value.encode() if isinstance(value, str) else value
        at = data.draw(st.integers(0, len(raw) - 1))
        forged = raw[:at] + bytes([raw[at] ^ (1 << data.draw(st.integers(0, 6)))]) + raw[at + 1 :]
        kind = "TEXT" if isinstance(value, str) else "BLOB"
        update = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?"  # noqa: S608
        base.execute(update, (forged, row))
        try:
            with pytest.raises(StoreError, match=r"record \d+ of the journal"):
                open_store(written).verify()
        finally:
            base.execute(update, (raw, row))
