"""The project's own clearance tables, as the greening tests use them."""

import tomllib
from pathlib import Path

import pytest

from clearances.requirements import Requirements, read_requirements

RULEBOOK = Path(__file__).parents[3] / "rules" / "rulebook" / "national"


@pytest.fixture(scope="session")
def requirements() -> Requirements:
    """Read the project's own rulebook."""
    return read_requirements(
        tomllib.loads((RULEBOOK / "clearance.toml").read_text("utf-8"))["clearance"],
        tomllib.loads((RULEBOOK / "pipes.toml").read_text("utf-8"))["pipes"],
    )
