"""Every public function and attacker against a table of bad values: each is a ValueError, never a name."""

import cv2
import numpy as np
import pytest
from planted_gaits import planted_gaits

import recognizer
from recognizer import (
    Appearance,
    GaitDynamics,
    GaitTcn,
    GeiLda,
    GeiNearestNeighbor,
    PlsProjection,
    RobustPCA,
    RobustVTM,
    SetCnn,
    TruncatedVTM,
    ViewAngleClassifier,
    ViewTransformationModel,
    load_attacker,
    load_pretrained,
    save_attacker,
)

NAN = float("nan")
WORLD = planted_gaits(people=6, walks=2, angles=(0, 90))
X, Y, ANGLES = WORLD.X, WORLD.y, WORLD.angle
D = np.array([[0.1, 0.9], [0.9, 0.1]])
MASKS = np.zeros((12, 9, 8), bool)
MASKS[:, 2:8, 2:6] = True

#: Gait energy images that are none.
BAD_IMAGES = {
    "0..255": 255 * X,
    "8 bits": (255 * X).astype(np.uint8),
    "a little above 1": X + 0.5,
    "negative": X - 1,
    "rows and columns exchanged": X.transpose(0, 2, 1),
    "resized to (w, h)": np.stack([cv2.resize(x, (16, 11)) for x in X]),
    "bright background": np.maximum(1 - 0.05 * X, 0),
    "NaN": np.where(X.max() == X, NAN, X),
    "texts": X.astype(str),
    "one picture": X[0],
    "another size": X[:, :12],
    "colour": np.stack([X] * 3, axis=-1),
    "none": X[:0],
    "ragged": [X[0], X[1][:4]],
}
FITTED = {
    kind: kind(**settings).fit(X, Y, angle=ANGLES, walk=WORLD.walk).enroll(X, Y, angle=ANGLES)
    for kind, settings in (
        (GeiNearestNeighbor, {}), (GeiLda, {}), (TruncatedVTM, {"n_components": 5}),
        (RobustVTM, {"n_components": 5, "folds": 1}),
    )
}  # fmt: skip
#: What only a fitted attacker can know; the training's own pictures may have any size.
ONLY_FITTED = {"rows and columns exchanged", "resized to (w, h)", "another size"}


def refuses(function, *arguments, **named):
    with pytest.raises(ValueError) as caught:
        function(*arguments, **named)
    assert str(caught.value)


@pytest.mark.parametrize("what", BAD_IMAGES)
@pytest.mark.parametrize("kind", FITTED)
def test_images(kind, what):
    attacker, bad = FITTED[kind], BAD_IMAGES[what]
    for ask in (attacker.distances, attacker.predict, attacker.rank):
        refuses(ask, bad, angle=90)
    refuses(kind(**attacker.get_params()).fit(X, Y, angle=ANGLES, walk=WORLD.walk).enroll, bad, Y, angle=90)
    if what not in ONLY_FITTED:
        refuses(kind(**attacker.get_params()).fit, bad, Y, angle=ANGLES, walk=WORLD.walk)


def test_the_shape_is_kept_in_a_file_and_known_of_the_bundled_model(tmp_path):
    again = load_attacker(save_attacker(FITTED[GeiLda], tmp_path / "lda"))
    assert again.picture_shape_ == (16, 11)
    refuses(again.predict, X.transpose(0, 2, 1))
    assert load_pretrained().picture_shape_ == (64, 44)
    flat = GeiLda().fit(X.reshape(len(X), -1) * 9 - 4, Y, angle=ANGLES)  # features have a range of their own
    assert load_attacker(save_attacker(flat, tmp_path / "flat")).picture_shape_ is None


@pytest.mark.parametrize("angle", [NAN, np.inf, "90", 1.57, 10**6, [90] * 3, [None] * len(X)])
def test_angles(angle):
    refuses(GeiLda().fit, X, Y, angle=angle)
    refuses(FITTED[GeiNearestNeighbor].predict, X, angle=angle)


@pytest.mark.parametrize("labels", [Y[:3], [None] * len(Y), [NAN] * len(Y), ["a"] * len(Y), Y[:, None]])
def test_labels(labels):
    refuses(GeiLda().fit, X, labels, angle=ANGLES)


@pytest.mark.parametrize("bad", [
    ~MASKS[None], MASKS[None].astype(float) * 255, MASKS[0], MASKS[None].astype(str), np.zeros_like(MASKS[None]),
    np.full((1, 4, 9, 8), NAN),
])  # fmt: skip
def test_silhouette_sets(bad):
    both = np.concatenate([bad, bad]) if np.ndim(bad) == 4 else bad
    for attacker in (SetCnn(), GaitDynamics(), GaitTcn()):
        refuses(attacker.fit, both, ["a", "b"], angle=90)


@pytest.mark.parametrize("bad", [
    np.full((2, 3, 8, 6, 3), 300.0), np.full((2, 3, 8, 6, 3), NAN), np.zeros((2, 3, 8, 6, 3), np.uint8),
    np.full((2, 3, 8, 6), 9, np.uint8), np.full((2, 3, 8, 6, 3), "1"), np.full((2, 3, 8, 6, 3), -1.0),
])  # fmt: skip
def test_pictures(bad):
    refuses(Appearance().fit, bad, ["a", "b"], angle=90)


@pytest.mark.parametrize(("name", "calls"), {
    "cumulative_match": [
        (D, [81, 82], ["081", "082"]), (D * NAN, ["a", "b"], ["a", "b"]), (D.astype(str), ["a", "b"], ["a", "b"]),
        (D, ["a"], ["a", "b"]), (D, [None, "b"], ["a", "b"]), (D[0], ["a", "b"], ["a", "b"]),
    ],
    "mean_average_precision": [
        (D, [81, 82], ["081", "082"]), (D * NAN, ["a", "b"], ["a", "b"]), (D.astype(str), ["a", "b"], ["a", "b"]),
        (D, ["a", "c"], ["a", "b"]), (D, ["a", "b"], ["a", NAN]),
    ],
    "nearest_neighbors": [(D * NAN, D), (D, D * NAN), (D.astype(str), D), (D, D[:, :1]), (D[0], D), (D, D[:0])],
    "euclidean_distances": [(D * NAN, D), (D, D * np.inf), (D.astype(str), D), (D, D[:, :1]), (D[0], D), (D, D[:0])],
    "squared_distances": [(D * NAN, D), (D, D * np.inf), (D.astype(str), D), (D, D[:, :1]), (D[0], D), (D, D[:0])],
    "gait_energy_image": [
        (MASKS[0],), (MASKS[:0],), (~MASKS & False,), (MASKS.astype(float) * 255,), (MASKS.astype(int) * 1000,),
        (MASKS * NAN,), (MASKS.astype(str),),
    ],
    "gait_energy_images": [([],), ([MASKS, MASKS[:, :4]],), ([MASKS * NAN],)],
    "gait_period": [(MASKS[0],), (MASKS * NAN,), (MASKS.astype(str),)],
    "gei_from_frames": [([],), ([MASKS.astype(float)],), ([MASKS & False],), ([MASKS[0]],)],
    "gei_from_files": [([],), ([[]],)],
    "normalize_frames": [(MASKS.astype(float),), (MASKS & False,), (MASKS[0],)],
}.items())  # fmt: skip
def test_functions(name, calls):
    for arguments in calls:
        refuses(getattr(recognizer, name), *arguments)


@pytest.mark.parametrize("settings", [
    {"shrinkage": NAN}, {"shrinkage": 10}, {"energy": 99}, {"energy": NAN}, {"n_discriminants": 0},
    {"energy": "0.9"}, {"shrinkage": "0.1"},
])  # fmt: skip
def test_settings(settings):
    refuses(GeiLda(**settings).fit, X, Y, angle=ANGLES)


def test_subspaces():
    flat = X.reshape(len(X), -1)
    for model in (ViewAngleClassifier(n_components=4), PlsProjection(2)):
        for bad in (flat * NAN, flat[0], flat.astype(str), flat[:0]):
            refuses(model.fit, bad, ANGLES)
        refuses(model.fit, flat, ANGLES[:3])
        model.fit(flat, ANGLES)
        refuses(model.transform if hasattr(model, "transform") else model.predict, flat[:, :5])
    for settings in ({"shrinkage": NAN}, {"shrinkage": 10}, {"shrinkage": "1"}, {"n_components": 0}):
        refuses(ViewAngleClassifier(**settings).fit, flat, ANGLES)
    for bad in (flat * NAN, flat[0], flat.astype(str)):
        refuses(RobustPCA().fit, bad)
    for settings in ({"tol": NAN}, {"lam": NAN}, {"lam": -1}, {"max_iter": 0}, {"growth": NAN}, {"tol": "1"}):
        refuses(RobustPCA(**settings).fit, flat)
    for settings in ({"energy": 99}, {"energy": NAN}, {"ridge": NAN}, {"ridge": -1}, {"energy": "1"}):
        refuses(ViewTransformationModel(**settings).fit, X, Y, angle=ANGLES, walk=WORLD.walk)
    for what in ("0..255", "NaN", "texts", "bright background"):
        refuses(ViewTransformationModel(2).fit, BAD_IMAGES[what], Y, angle=ANGLES, walk=WORLD.walk)
    model = ViewTransformationModel(2).fit(X, Y, angle=ANGLES, walk=WORLD.walk)
    for what in ("0..255", "rows and columns exchanged", "NaN", "texts"):
        refuses(model.transform, BAD_IMAGES[what], source=90, target=0)
    classifier = ViewAngleClassifier(n_components=4).fit(X, ANGLES)
    for what in ("0..255", "rows and columns exchanged", "NaN", "texts"):
        refuses(classifier.predict, BAD_IMAGES[what])
