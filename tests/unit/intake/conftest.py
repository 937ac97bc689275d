"""The resident child and the way from a file to a receipt."""

from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest

import layers
from intake import sandbox
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from intake.place import PlacePrior
from intake.reading import DeliveredTable, DeliveryReading
from tests.unit.intake import delivery
from tests.unit.intake.resident import Resident


@pytest.fixture(scope="session")
def resident() -> Iterator[Resident]:
    """One warm child for the whole session."""
    runner = Resident()
    yield runner
    runner.close()


@pytest.fixture
def read(resident: Resident) -> Callable[..., DeliveryReading]:
    """Read files in a fork of the warm child."""

    def run(path: Path, **more: object) -> DeliveryReading:
        return sandbox.read(path, runner=resident, **more)

    return run


@pytest.fixture
def draft() -> Callable[..., ImportDraft]:
    """Make a draft of a table for the estates layer at Litong."""

    def make(
        table: DeliveredTable, layer: str = "estates", place: PlacePrior = delivery.PLACE
    ) -> ImportDraft:
        return ImportDraft(
            table, layers.ALL[layer], place, TableOrigin("测试", "0" * 64, "2023-04-01")
        )

    return make


@pytest.fixture
def place_with_estates() -> PlacePrior:
    """Litong with the dozen estates already known."""
    rows = delivery.estates()
    frame = gpd.GeoDataFrame(
        {
            "estate_id": [r.key for r in rows],
            "name": [r.name for r in rows],
            "provenance": "surveyed",
            "source": "测试",
            "source_date": "2023-01-01",
        },
        geometry=[r.outline for r in rows],
        crs=delivery.CRS_4544,
    )
    return PlacePrior(delivery.PLACE.bounds, delivery.CRS_4544, {"estates": frame})
