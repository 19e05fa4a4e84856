"""Every public measure against a table of bad values: each is a ValueError with one line, never a figure."""

import inspect

import numpy as np
import pytest

import gaitbench.metrics as metrics
from gaitbench.metrics import SubjectBootstrap
from gaitbench.metrics.naturalness import NearestReal, relative_smoothness, smoothness, unbroken

NAN, INF = float("nan"), float("inf")
D = np.array([[0.1, 0.9, 0.5], [0.9, 0.1, 0.4], [0.3, 0.2, 0.1]])
P, G = ["081", "082", "083"], ["081", "082", "083"]
WITH_NAN = np.where(np.eye(3) == 1, np.nan, D)
TEXTS = D.astype(str)
YES, TEXT_YES, LATER = [True, True, False], ["True", "False", "True"], [0.0, NAN, 1.0]
PICTURES = np.random.default_rng(0).random((2, 16, 16, 3))
MASKS = np.zeros((3, 8, 6), bool)
MASKS[:, 2:6, 2:4] = True
NEARER = np.array([[False, True], [False, False]])
BOOT = SubjectBootstrap(list("aabbc"), resamples=200)
SUMS = np.ones((3, 2))

#: Every function that takes distances and labels, with what is wrong with them.
BAD_LABELLED = {
    "NaN": (WITH_NAN, P, G),
    "texts": (TEXTS, P, G),
    "one row too few": (D[:2], P, G),
    "one column too few": (D[:, :2], P, G),
    "one dimension": (D[0], P, G),
    "numbers for names": (D, [81, 82, 83], G),
    "a label lacks": (D, ["081", None, "083"], G),
    "a label of the gallery is NaN": (D, P, ["081", NAN, "083"]),
    "nobody": (np.zeros((3, 0)), P, []),
    "ragged": ([[1.0, 2.0, 3.0], [1.0], [2.0, 3.0, 4.0]], P, G),
}
LABELLED = ("average_precisions", "d_sys_null", "genuine_and_impostor", "nearer_subjects", "true_ranks")

#: Every pair of pictures that no measure of pictures may take.
BAD_PAIRS = {
    "8 bits": (PICTURES, (255 * PICTURES).astype(np.uint8)),
    "0..255 as floats": (255 * PICTURES, PICTURES),
    "negative": (PICTURES - 0.5, PICTURES),
    "NaN": (np.where(PICTURES > 0.9, NAN, PICTURES), PICTURES),
    "channels first": (PICTURES.transpose(0, 3, 1, 2), PICTURES.transpose(0, 3, 1, 2)),
    "one picture": (PICTURES[0], PICTURES[0]),
    "texts": (PICTURES.astype(str), PICTURES),
    "another size": (PICTURES[:, :12], PICTURES),
    "complex": (PICTURES.astype(complex), PICTURES),
}
PICTURE_MEASURES = ("flicker", "gmsd", "psnr", "sharpness_ratio", "ssim")

CALLS = {
    "cmc": [([0, 1],), ([NAN, 1.0],), (["1", "2"],), ([],), ([1, 2], 0), ([1, 2], 2.5), ([1.5, 2.0],)],
    "chance_corrected": [(50.5, 1), (NAN, 0.1), (0.5, INF), ("0.5", 0.1), (0.5, -0.1), (95, 0.025), (True, 0.1)],
    "d_sys": [
        ([NAN, 1.0], [2.0]), ([1.0], [INF]), (["1"], [2.0]), ([1.0], [2.0], 0), ([None], [1.0]),
    ],
    "equal_error_rate": [([NAN], [1.0]), ([1.0], [NAN, 2.0]), (["1", "2"], [3.0]), ([None], [1.0])],
    "from_ranking": [
        ([["a", "b"]], [[1.0]]), ([["a", "b"]], [[NAN, 1.0]]), ([["a", "b"]], [["1", "2"]]), ([], []),
        ([["a", "b"], ["a", "c"]], [[1.0, 2.0], [1.0, 2.0]]),
    ],
    "holm": [([1.2],), ([-0.1],), (["0.1"],), ([[0.1]],), ([5.0, 1.0],), ([INF],)],
    "subject_distances": [(WITH_NAN, G), (TEXTS, G), (D, G[:2]), (D, ["a", None, "b"]), (D[0], G)],
    "subject_tail": [
        (TEXT_YES, P), (LATER, P), (YES, P[:2]), (YES, [None, "a", "b"]), ([2, 1, 0], P), (YES, P, 0),
    ],
    "success_by_gallery_size": [
        (NEARER.astype(float),), (NEARER.astype(str),), (NEARER[0],), (NEARER, NEARER[:1]),
        (NEARER, NEARER, [0]), (NEARER, NEARER, [2.5]), (NEARER, NEARER, ["5"]), (NEARER, NEARER, [NAN]),
    ],
    "success_rate": [
        (TEXT_YES, YES), (YES, TEXT_YES), (YES, LATER), (YES, YES[:2]), ([YES], [YES]), ([2, 1, 0], YES),
        ([95.0, 1.0, 0.0], YES), ([None, True, False], YES), (["", "x", "y"], YES),
    ],
}  # fmt: skip

#: Settings that come by name.
NAMED = {
    "SubjectBootstrap": [
        {"confidence": 95}, {"confidence": 1.0}, {"confidence": 0.0}, {"confidence": NAN}, {"confidence": "0.95"},
        {"resamples": 0}, {"resamples": 2.5}, {"resamples": 10**18}, {"seed": -1}, {"method": "BCA"},
        {"confidence": True},
    ],
    "d_sys_null": [{"rounds": 0}, {"omega": NAN}, {"omega": -1.0}, {"bins": 0}, {"omega": "1"}],
}  # fmt: skip


def refuses(function, *arguments, **named):
    with pytest.raises(ValueError) as caught:
        function(*arguments, **named)
    message = str(caught.value)
    assert message and "\n" not in message, message


@pytest.mark.parametrize("what", BAD_LABELLED)
@pytest.mark.parametrize("name", LABELLED)
def test_distances_and_labels(name, what):
    refuses(getattr(metrics, name), *BAD_LABELLED[what])


@pytest.mark.parametrize("what", BAD_PAIRS)
@pytest.mark.parametrize("name", PICTURE_MEASURES)
def test_pictures(name, what):
    refuses(getattr(metrics, name), *BAD_PAIRS[what])


@pytest.mark.parametrize("name", PICTURE_MEASURES)
def test_regions(name):
    measure = getattr(metrics, name)
    for region in (np.ones((2, 16, 16)), np.ones((2, 16, 12), bool), np.ones((16, 16), bool), [["True"]]):
        refuses(measure, PICTURES, PICTURES, region=region)


@pytest.mark.parametrize(("name", "arguments"), [(n, a) for n, calls in CALLS.items() for a in calls])
def test_arguments(name, arguments):
    function = getattr(metrics, name)
    optional = {"d_sys": "omega", "subject_tail": "count", "success_by_gallery_size": "sizes"}.get(name)
    required = 3 if name == "success_by_gallery_size" else len(arguments)
    if optional and len(arguments) == 3:
        refuses(function, *arguments[: min(2, required)], **{optional: arguments[2]})
    else:
        refuses(function, *arguments)


def test_settings():
    for settings in NAMED["SubjectBootstrap"]:
        refuses(SubjectBootstrap, ["a", "b"], **settings)
    for settings in NAMED["d_sys_null"]:
        refuses(metrics.d_sys_null, D, P, G, **settings)
    refuses(SubjectBootstrap, [])
    refuses(SubjectBootstrap, ["a", None])
    refuses(SubjectBootstrap, ["a", NAN])


FIVE = [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("mean", (FIVE[:4],)), ("mean", (list("12345"),)), ("mean", ([[1.0] * 5],)),
        ("paired_difference", (list("12345"),)), ("paired_difference", (FIVE[:2],)),
        ("ratio", ([True] * 5, [NAN] * 5)), ("ratio", ([NAN] * 5, [True] * 5)), ("ratio", ([True] * 5, [-1.0] * 5)),
        ("ratio", (["True"] * 5, [True] * 5)), ("ratio", ([True] * 4, [True] * 5)),
        ("mean_of_ratios", ([NAN] * 5, [1.0] * 5, [0] * 5)),
        ("mean_of_ratios", ([1.0] * 5, [1.0] * 5, [0] * 4)),
        ("sums", (list("aab"), [1.0, NAN, 1.0])), ("sums", (["z"], [1.0])), ("sums", (["a"], ["1"])),
        ("sums", (["a"], [1.0, 2.0])), ("rates", (SUMS[:2], SUMS[:2])), ("rates", (SUMS * NAN, SUMS)),
        ("rates", (SUMS.astype(str), SUMS)), ("differences", (SUMS, SUMS, SUMS[:, :1], SUMS[:, :1])),
    ],
)  # fmt: skip
def test_observations(method, arguments):
    refuses(getattr(BOOT, method), *arguments)


def test_silhouettes():
    for bad in (MASKS[0], MASKS.astype(float), MASKS.astype(np.uint8) * 255, MASKS.tolist()):
        for function in (unbroken, smoothness):
            refuses(function, bad)
        refuses(relative_smoothness, bad, MASKS)
        refuses(NearestReal.fit, bad, np.array(["a", "b", "c"]))
    refuses(relative_smoothness, MASKS, MASKS[:2])
    refuses(relative_smoothness, MASKS, MASKS.transpose(0, 2, 1))
    refuses(NearestReal.fit, MASKS, np.array(["a", None, "c"], object))
    refuses(NearestReal.fit(MASKS, np.array(["a", "b", "c"])).ratio, MASKS.transpose(0, 2, 1))
    for share in (0.0, 98, NAN, "0.98"):
        refuses(unbroken, MASKS, share=share)


def test_every_public_function_is_in_the_table():
    known = {*LABELLED, *PICTURE_MEASURES, *CALLS, *NAMED}
    functions = {n for n in metrics.__all__ if inspect.isroutine(getattr(metrics, n))}
    assert functions <= known, f"add bad values for {sorted(functions - known)}"


def test_what_is_right_still_is():
    assert metrics.success_rate([1, 1, 0], [0.0, 0.0, 1.0]) == (2, 2, 100.0)
    assert metrics.success_rate(np.array([True, True, False], object), [0, 0, 1]) == (2, 2, 100.0)
    assert metrics.cmc(metrics.true_ranks(D, P, G), 2).tolist() == [1.0, 1.0]
    assert BOOT.mean([1.0, NAN, INF, 3.0, 2.0])[0] == 2.0  # what was not measured is left out, as documented
