"""The statistics of a corpus are numpy's, and numpy's threads come from the environment."""

import os
import subprocess
import sys

SCRIPT = """
import hashlib, numpy as np
from gaitbench.training import reproducible
a = np.random.default_rng(0).normal(size=(700, 500))
with reproducible(2):
    print(hashlib.sha256(np.linalg.svd(a @ a.T)[2].tobytes()).hexdigest())
"""


def test_decompositions_in_a_training_do_not_depend_on_the_environment():
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, "OMP_NUM_THREADS": n}, capture_output=True, text=True
        ).stdout
        for n in "124"
    }  # fmt: skip
    assert len(found) == 1 and len(found.pop()) == 65
