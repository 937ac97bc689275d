"""The demonstration district as its generator makes it, and the ground it stands on."""

import pytest

import demonstration
from demonstration.buildings import SPECIALS
from demonstration.ground import lay_ground
from demonstration.streams import streams


@pytest.fixture(scope="session")
def district():
    return demonstration.build()


@pytest.fixture(scope="session")
def ground():
    return lay_ground(streams(2023), "demo", SPECIALS)
