"""Tests that share what takes long stay on one worker: pytest 9.2 hid the groups of pytest-xdist 3.8 without a word."""

import os

import pytest


@pytest.mark.xdist_group("grouped")
def test_the_mark_of_a_group_reaches_the_scheduler(request):
    if "PYTEST_XDIST_WORKER" not in os.environ or not request.config.getoption("loadgroup", False):
        pytest.skip("no workers, or not --dist loadgroup")
    assert request.node.nodeid.endswith("@grouped")
