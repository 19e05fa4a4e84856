"""The package as a whole: light to import, no `gaitbench` inside, scikit-learn's own contract where it applies."""

import subprocess
import sys

import numpy as np
import pytest
from planted_sets import walking_boxes
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

import recognizer
from recognizer import PlsProjection, RobustPCA, ViewAngleClassifier, gait_energy_images


# All checks apply to these two. ViewTransformationModel and the attackers are not among them: their samples mean
# nothing without a viewing angle, which the checks cannot give, and attackers name people enrolled after the fit.
# on_failure="warn": the checks cut max_iter to 5.
@parametrize_with_checks([RobustPCA(on_failure="warn"), PlsProjection(1)])
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def test_steps_work_in_a_pipeline(training):
    side = training.pick(training.angle == 90)
    steps = make_pipeline(RobustPCA(lam=0.3), PlsProjection(8), LogisticRegression(max_iter=2000))
    flat = side.X.reshape(len(side.y), -1).astype("float64")
    assert steps.fit(flat, side.y).score(flat, side.y) > 0.9


def test_silhouettes_go_through_a_pipeline():
    """Sequences of any length to gait energy images to views."""
    X, _, angle = walking_boxes(frames=9)
    sequences = [x[: 5 + i % 5] for i, x in enumerate(X)]
    steps = make_pipeline(FunctionTransformer(gait_energy_images), ViewAngleClassifier()).fit(
        sequences, angle
    )
    assert steps.score([x[1:] for x in sequences], angle) > 0.9
    np.testing.assert_array_equal(steps[:-1].transform(sequences), gait_energy_images(sequences))


def test_every_public_name_exists():
    for name in recognizer.__all__:
        assert getattr(recognizer, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'Magic'"):
        _ = recognizer.Magic


def test_importing_is_light_and_free_of_gaitbench():
    code = (
        "import sys, recognizer; assert 'numpy' not in sys.modules, 'numpy'\n"
        "for name in recognizer.__all__: getattr(recognizer, name)\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('gaitbench', 'torch', 'cv2')]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
