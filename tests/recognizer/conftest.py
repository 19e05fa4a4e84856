"""The planted world as fixtures."""

import pytest
from planted_gaits import planted_gaits


@pytest.fixture(scope="session")
def training():
    return planted_gaits(seed=0)


@pytest.fixture(scope="session")
def strangers():
    return planted_gaits(people=20, seed=1)
