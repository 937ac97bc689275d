"""The resident child and the way from a file to a receipt."""

from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest

import layers
from intake import sandbox
from intake.draft import Draft
from intake.origin import Origin
from intake.place import Place
from intake.reading import Reading, Table
from tests.unit.intake import delivery
from tests.unit.intake.resident import Resident


@pytest.fixture(scope="session")
def resident() -> Iterator[Resident]:
    """One warm child for the whole session."""
    runner = Resident()
    yield runner
    runner.close()


@pytest.fixture
def read(resident: Resident) -> Callable[..., Reading]:
    """Read files in a fork of the warm child."""

    def run(path: Path, **more: object) -> Reading:
        return sandbox.read(path, runner=resident, **more)

    return run


@pytest.fixture
def draft() -> Callable[..., Draft]:
    """Make a draft of a table for the estates layer at Litong."""

    def make(table: Table, layer: str = "estates", place: Place = delivery.PLACE) -> Draft:
        return Draft(table, layers.ALL[layer], place, Origin("测试", "0" * 64, "2023-04-01"))

    return make


@pytest.fixture
def place_with_estates() -> Place:
    """Litong with the dozen estates already known."""
    rows = delivery.estates()
    frame = gpd.GeoDataFrame(
        {"estate_id": [r.key for r in rows], "name": [r.name for r in rows]},
        geometry=[r.outline for r in rows],
        crs=delivery.CRS_4544,
    )
    return Place(delivery.PLACE.bounds, delivery.CRS_4544, {"estates": frame})
