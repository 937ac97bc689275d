"""The house has no circles: what a module needs stands below it, inside functions too."""

import tomllib
from pathlib import Path

import grimp
import networkx as nx
import pytest

import wording

ROOT = Path(wording.__file__).parent.parent
ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}


@pytest.fixture(scope="module")
def settings():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_no_module_imports_itself_through_others():
    graph = grimp.build_graph(*sorted(ROOMS), cache_dir=None)
    imports = nx.DiGraph(
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    )
    circles = [sorted(circle) for circle in nx.strongly_connected_components(imports)]
    assert [circle for circle in circles if len(circle) > 1] == []


def test_every_room_is_guarded_from_its_first_day(settings):
    linter = settings["importlinter"]
    house = next(contract for contract in linter["contracts"] if contract["type"] == "layers")
    placed = {room for floor in house["layers"] for room in floor.split(" | ")}
    assert set(linter["root_packages"]) == ROOMS
    assert placed == ROOMS - {"data"}  # files alone
    assert set(settings["mypy"]["files"]) == ROOMS | {"app.py"}
    product = ROOMS - {"answer_key", "demonstration"}  # made outside the product
    wheel = settings["hatch"]["build"]["targets"]["wheel"]["include"]
    assert {f"/{room}" for room in product} <= set(wheel)
    assert set(settings["coverage"]["run"]["source"]) >= product - {"data"}
