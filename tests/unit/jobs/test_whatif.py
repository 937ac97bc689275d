"""`litong whatif`: a scenario tried from a file; the district stays as it is."""

import json

import pytest

from store import open_store


def _write(folder, *moves):
    file = folder / "scenario.json"
    steps = [{"move": move} for move in moves]
    file.write_text(json.dumps({"name": "关门试算", "steps": steps}), encoding="utf-8")
    return file


def _gate(folder):
    return open_store(folder, "").read()["entrances"]["entrance_id"].iloc[0]


@pytest.mark.slow
def test_a_scenario_is_tried_and_the_district_stays_as_it_is(litong, tiny_folder, tmp_path):
    before = open_store(tiny_folder, "").read().version
    file = _write(tmp_path, {"do": "close_gate", "key": _gate(tiny_folder)})
    ran = litong("whatif", tiny_folder, file, "--out", "a.json", "--out", "a.xlsx")
    assert ran.code == 0
    assert "第 1 步：出入口" in ran.out
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert found["is_synthetic"]
    assert found["steps"][0]["is_on"]
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert open_store(tiny_folder, "").read().version == before


@pytest.mark.slow
def test_a_step_that_does_not_fit_is_named_and_ends_with_3(litong, tiny_folder, tmp_path):
    gate = _gate(tiny_folder)
    edit = {"crs": "EPSG:4544", "layers": {"entrances": {"changed": {gate: {"state": ["?", "x"]}}}}}
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"name": "s", "steps": [{"edit": edit}]}), encoding="utf-8")
    ran = litong("whatif", tiny_folder, file, "--lang", "en")
    assert ran.code == 3
    assert "left out" in ran.out
    assert gate in ran.out


def test_what_is_no_scenario_ends_with_1_and_one_sentence(litong, tiny_folder, tmp_path):
    file = _write(tmp_path, {"do": "open_gate", "key": "nowhere"})
    ran = litong("whatif", tiny_folder, file)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "第 1 步" in ran.err
