"""What a run computes does not depend on how many threads the environment allows."""

import os

import pytest
from command_line import gaitbench, tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("threads")]


def test_one_and_two_threads_of_the_environment_give_the_same_artifacts(tmp_path):
    kept = {}
    for threads in "12":
        place = tmp_path / threads
        env = {**os.environ, "OMP_NUM_THREADS": threads}
        for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            env.pop(name, None)
        run = (
            "run-all",
            "--suite",
            "smoke",
            "--store",
            place / "store",
            "--output",
            place / "out",
            "--quiet",
        )
        gaitbench(*run, check=False, env=env)
        store = place / "store"
        kept[threads] = (
            {p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*.safetensors")},
            tables(place / "out"),
        )
    (one, shown), (two, also_shown) = kept.values()
    assert one.keys() == two.keys() and len(one) > 100
    assert [name for name in one if one[name] != two[name]] == []
    assert shown == also_shown
