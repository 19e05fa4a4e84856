"""What a run computes does not depend on how many threads the environment allows."""

import os
from pathlib import Path

import pytest
from command_line import gaitbench, tables

#: A suite of seconds; with the recognizers whose decompositions are split over threads, and one that is a network.
TINY = Path(__file__).parents[1] / "evaluation" / "planning" / "tiny.toml"
MORE = 'recognizers = ["robust-vtm", "gei-lda", "gait-dynamics"]'

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("threads")]


def test_one_and_two_threads_of_the_environment_give_the_same_artifacts(tmp_path):
    suite = tmp_path / "threads.toml"
    text = TINY.read_text().replace('recognizers = ["gei-lda"]', MORE)
    # what attackers see of pictures goes through the same lines for one thread and for two
    suite.write_text(text.replace(', "appearance", "resegmented"', ""))
    kept = {}
    for threads in "12":
        place = tmp_path / threads
        env = {**os.environ, "OMP_NUM_THREADS": threads}
        for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            env.pop(name, None)
        run = (
            "run-all",
            "--suite",
            suite,
            "--store",
            place / "store",
            "--output",
            place / "out",
            "--jobs",
            "1",
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
