"""Checks of what attackers and measures are given: one clear line that says what is wrong and how to mend it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "as_angles", "as_features", "as_finite", "as_labels", "as_numbers", "as_picture_shape", "check_above",
    "check_count", "check_pictures", "check_share", "no_texts", "nothing_shared", "number", "refuse_empty_gallery",
]  # fmt: skip


def number(name: str, singular: str, plural: str) -> str:
    """`name` with the form of the verb that fits it: "the gallery holds", "the probes hold"."""
    return f"{name} {plural if name == 'the probes' else singular}"


def as_features(X: ArrayLike, *, features: int | None = None, name: str = "X") -> NDArray[np.float32]:
    """Samples as float32 (n, features), finite, at least one.

    Parameters
    ----------
    X : array (n, h, w) or (n, features)
    features : int, optional
        Number of features the attacker was fitted with.
    name : str
        What to call X in messages.

    Raises
    ------
    ValueError
        On another shape, no sample, mixed sizes, NaN or infinity.
    """
    try:
        given = np.asarray(X)
        if given.dtype.kind in "USO" and given.dtype != object:  # numpy would read "0.5" as a number
            raise TypeError(f"it holds texts, {given.dtype}")
        x = np.asarray(given, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{number(name, 'is', 'are')} not one array of numbers ({error}); bring all gait energy images to one "
            "size first"
        ) from error
    if x.ndim not in (2, 3):
        raise ValueError(f"{name} must have shape (n, height, width) or (n, features), got {x.shape}")
    if len(x) == 0 or x[0].size == 0:
        raise ValueError(
            f"{number(name, 'holds', 'hold')} no samples (shape {x.shape}); pass at least one gait energy image"
        )
    shape = x.shape
    x = np.ascontiguousarray(x.reshape(len(x), -1))
    if features is not None and x.shape[1] != features:
        raise ValueError(
            f"{number(name, 'has', 'have')} {x.shape[1]} features per sample (shape {shape}), the attacker was fitted "
            f"with {features}; align probes, gallery and training to one picture size"
        )
    bad = ~np.isfinite(x).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{number(name, 'holds', 'hold')} NaN or infinity in {int(bad.sum())} of {len(x)} samples, first in sample "
            f"{int(bad.argmax())}; drop these samples"
        )
    return x


def as_labels(y: ArrayLike, count: int, *, name: str = "y") -> NDArray[np.str_]:
    """Labels as a str array (n,).

    Raises
    ------
    ValueError
        If there is not one label per sample, or one is missing (None, NaN, NA).
    """
    labels = np.asarray(y)
    if labels.shape != (count,):
        raise ValueError(
            f"{name} must hold one label for each of the {count} samples, got shape {labels.shape}"
        )
    if labels.dtype.kind not in "Sbiu":  # before they become the names "None" and "nan"
        # From y itself: numpy has already made names of NaN in a list of names.
        lacking = [i for i, label in enumerate(np.asarray(y, dtype=object)) if _is_missing(label)]
        if lacking:
            raise ValueError(
                f"{name} lacks the labels of {len(lacking)} of {count} samples, first of sample {lacking[0]}; "
                "name them or drop these samples"
            )
    return labels.astype(np.str_)


def _is_missing(label: Any) -> bool:
    """None, NaN, and what pandas writes for them."""
    if label is None or type(label).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(label, float | np.floating) and bool(np.isnan(label))


def as_numbers(x: ArrayLike, name: str) -> NDArray[Any]:
    """An array of numbers as it is; texts that look like numbers are none.

    Raises
    ------
    ValueError
        If it holds something else, or is no one array.
    """
    try:
        array = np.asarray(x)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{name}: not one array of numbers ({error}); bring all rows to one length"
        ) from error
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold numbers, not {array.dtype}; convert texts by astype(float) first")
    return array


def no_texts(X: Any) -> Any:
    """X as it is: scikit-learn's checks would read texts such as "0.5" as numbers.

    Raises
    ------
    ValueError
        If X is an array of texts.
    """
    if isinstance(X, np.ndarray) and X.dtype.kind in "US":
        raise ValueError(f"X must hold numbers, not texts ({X.dtype}); convert them by astype(float) first")
    return X


def as_finite(x: ArrayLike, name: str) -> NDArray[Any]:
    """An array of finite numbers as it is.

    Raises
    ------
    ValueError
        On NaN, infinity, texts, or rows of several lengths.
    """
    array = as_numbers(x, name)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity; drop these rows")
    return array


def as_picture_shape(X: Any) -> tuple[int, int] | None:
    """Height and width of pictures (n, h, w); None of features (n, d), which have none."""
    try:
        shape = np.asarray(X).shape
    except ValueError:  # of mixed sizes: `as_features` says so
        return None
    return (int(shape[1]), int(shape[2])) if len(shape) == 3 else None


def check_pictures(
    x: NDArray[np.float32], shape: tuple[int, int] | None, fitted: tuple[int, int] | None, name: str
) -> None:
    """Refuse pictures of another range, upside down in brightness, or with rows and columns exchanged.

    Parameters
    ----------
    x : float32 array (n, h * w)
    shape : pair of int or None
        Height and width as they came in; None (features, whose range is their own) is left alone.
    fitted : pair of int or None
        The same of the training; None if it is not known.
    name : str

    Raises
    ------
    ValueError
        With the way out.
    """
    if shape is None:
        return
    if fitted is not None and shape != fitted:
        hint = "; exchange the axes (cv2 takes (width, height))" if shape == fitted[::-1] else ""
        raise ValueError(
            f"{number(name, 'has', 'have')} pictures of {shape[0]} x {shape[1]} (height x width), the training had "
            f"{fitted[0]} x {fitted[1]}{hint or '; align all pictures to one size'}"
        )
    low, high = float(x.min()), float(x.max())
    if low < -1e-6 or high > 1 + 1e-6:
        way = "divide 8-bit pictures by 255" if low >= 0 and high <= 255 else "scale them to [0, 1]"
        raise ValueError(
            f"{number(name, 'holds', 'hold')} gait energy images with values from {low:g} to {high:g}, outside "
            f"[0, 1]; {way}"
        )
    pictures = x.reshape(len(x), *shape)
    if min(shape) >= 8 and float(pictures[:, 0, [0, -1]].mean()) > 0.8:
        raise ValueError(
            f"{number(name, 'is', 'are')} bright where the background is (upper corners); a gait energy image is "
            "bright where the person is: pass 1 - X"
        )


def check_share(name: str, value: Any, *, zero: bool = False, one: bool = False) -> float:
    """A share between 0 and 1; `zero` and `one` admit the ends. Percent is refused.

    Raises
    ------
    ValueError
        Naming the value.
    """
    try:
        share = float("nan") if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError):
        share = float("nan")
    if not (0 < share < 1 or (zero and share == 0) or (one and share == 1)):
        hint = "; divide percent by 100" if 1 < share <= 100 else ""
        ends = f"in {'[' if zero else '('}0, 1{']' if one else ')'}"
        raise ValueError(f"{name} must lie {ends}, got {value!r}{hint}")
    return share


def check_above(name: str, value: Any, low: float, hint: str = "", *, equal: bool = False) -> float:
    """A finite number above `low` (or at least `low`).

    Raises
    ------
    ValueError
        Naming the value, and `hint`.
    """
    try:
        number = float("nan") if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not (low < number < np.inf or (equal and number == low)):
        what = "at least" if equal else "above"
        raise ValueError(
            f"{name} must be a number {what} {low:g}, got {value!r}{'; ' + hint if hint else ''}"
        )
    return number


def nothing_shared(probes: Any, gallery: Any) -> ValueError:
    """What to say where no label of the probes is among those of the gallery."""
    return ValueError(
        f"no probe's subject is in the gallery: the probes have {str(probes[0])!r}, the gallery has "
        f"{str(gallery[0])!r}; spell the labels of both alike ('081' and 81 are two names), or enroll these people"
    )


def as_angles(angle: ArrayLike, count: int) -> NDArray[np.int64]:
    """Viewing angles in degrees as an int array (n,); a single number stands for all samples.

    A view of which only a label is known has a number from 2**51 to 2**52, which says nothing but which views are the
    same.

    Raises
    ------
    ValueError
        If there is not one whole number per sample.
    """
    angles = np.asarray(angle)
    if angles.ndim == 0:
        angles = np.full(count, angles)
    if angles.shape != (count,):
        raise ValueError(
            f"angle must be one number or one for each of the {count} samples, got shape {angles.shape}"
        )
    if (
        angles.dtype.kind not in "iuf"
        or not np.array_equal(angles, np.round(angles.astype(np.float64)))
        or not ((np.abs(angles.astype(np.float64)) <= 360) | _stand_for_labels(angles)).all()
    ):
        raise ValueError("angle must hold whole degrees from -360 to 360, such as 0, 18, 36")
    return angles.astype(np.int64)


def _stand_for_labels(angles: NDArray[Any]) -> NDArray[np.bool_]:
    """Numbers of views that have a label and no degrees, bool (n,); `gaitbench.datasets.views` makes them."""
    x = angles.astype(np.float64)
    return np.asarray((x >= 2.0**51) & (x < 2.0**52))


def refuse_empty_gallery(X: Any) -> None:
    """Say so in a line of its own when there is nobody to be found.

    Raises
    ------
    ValueError
        If X has no samples.
    """
    if hasattr(X, "__len__") and len(X) == 0:
        raise ValueError("the gallery is empty; enroll at least one sample of a person")


def check_count(name: str, value: Any, low: int, high: int, reason: str) -> int:
    """A whole-number parameter within bounds.

    Raises
    ------
    ValueError
        Naming the parameter, its bounds and where the upper one comes from.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high} ({reason}), got {value!r}")
    return int(value)
