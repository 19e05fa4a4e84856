"""Data sets opened by the name of their format, or by a guess that is said."""

from __future__ import annotations

import contextlib
import inspect
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.registry import DATASETS

__all__ = ["by_subject", "guess_format", "open_data", "quiet_sources"]

#: Sequences of one subject that are one task of a process.
_TOGETHER = 12

_log = logging.getLogger(__name__)

#: What a data set must have, see `gaitbench.datasets.sequence.Dataset`.
_PARTS = ("name", "rendered", "fingerprint", "keys", "load", "load_walk", "true_masks")
#: What a folder is read as when no other format claims it; its own messages say what was looked for.
_USUAL = "casia-b"


def open_data(
    root: Path | None,
    name: str | None = None,
    *,
    rate: float | None = None,
    pattern: str | None = None,
    option: str = "--format",
) -> Dataset:
    """Open a data set by name.

    Parameters
    ----------
    root : Path or None
        Folder or file; None for a set that needs none.
    name : str, optional
        As registered (entry-point group ``gaitbench.datasets``): what it names is called with `root`. If not given it
        is guessed (`guess_format`), and the guess is logged as a warning.
    rate : float, optional
        Frames a second of silhouettes without a video; for formats that take a `rate`.
    pattern : str, optional
        How files are named; for formats that take a `pattern`, ``pictures`` if none is named.
    option : str
        What messages call the option that names the format.

    Raises
    ------
    ConfigError
        In one line: an unknown name, a format that does not take what is given, or a third party's that fails.
    """
    if pattern is not None and name is None:
        name = "pictures"
    guessed = name is None
    if name is None:
        if root is None:
            raise ConfigError("give the root of a data set, or the name of one that needs none")
        name = guess_format(root, option)
    factory = DATASETS.get(name)
    if name == "walkers" and root is not None:
        raise ConfigError(f"walkers are rendered, not read from {root}; leave out --data or --format walkers")
    given: dict[str, Any] = {} if rate is None else {"rate": rate}
    if pattern is not None:
        given["pattern"] = pattern
    _check_call(name, factory, root, given)
    try:
        found: Dataset = factory(**given) if root is None else factory(root, **given)
        foreign = DATASETS.origin(name) != "built in"  # our own look at the disk on first use
        lacking = [part for part in _PARTS if foreign and not hasattr(found, part)]
    except GaitbenchError:
        raise
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ConfigError(f"{_who(name)} cannot open {root} ({why}); mend or remove it") from error
    if lacking:
        raise ConfigError(f"{_who(name)} gives no data set: it lacks {', '.join(lacking)}; mend or remove it")
    if guessed:
        found.keys()  # where nothing can be read the error is the one line
        _log.warning("%s is read as %s (guessed; %s NAME says otherwise)", root, name, option)
    return found


def guess_format(root: Path, option: str = "--format") -> str:
    """The format whose ``fits(root)`` says yes; `casia-b` where none does.

    ``fits`` is a function of the class (or factory) that is registered; formats without it are never guessed.

    Raises
    ------
    ConfigError
        If several formats claim `root`.
    """
    claims = []
    for name in DATASETS.names():
        if broken := DATASETS.broken(name):
            _log.warning("%s", broken)
            continue
        fits = getattr(DATASETS.get(name), "fits", None)
        try:
            claimed = fits is not None and bool(fits(root))
        except Exception as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            _log.warning("%s does not say whether it reads %s (%s)", _who(name), root, why)
            continue
        if claimed:
            claims.append(name)
    if len(claims) > 1:
        raise ConfigError(f"{root} may be {' or '.join(claims)}; say which by {option} NAME")
    return claims[0] if claims else _USUAL


def _check_call(name: str, factory: Any, root: Path | None, given: dict[str, Any]) -> None:
    """Refuse in our words what the factory would refuse in Python's."""
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):
        return
    where = () if root is None else (root,)
    if "pattern" in given and not _takes(signature, where, {"pattern": given["pattern"]}):
        raise ConfigError(f"--pattern does not go with --format {name}, which knows its own names")
    if given and not _takes(signature, where, given) and _takes(signature, where, {}):
        raise ConfigError(f"--fps does not go with --format {name}, which knows its own frame rate")
    if _takes(signature, where, given):
        return
    if root is None:
        raise ConfigError(f"--format {name} reads files; give their place by --data ROOT")
    raise ConfigError(f"{_who(name)} takes no folder or file; leave out --data {root}")


def _takes(signature: inspect.Signature, where: tuple[Path, ...], given: dict[str, Any]) -> bool:
    try:
        signature.bind(*where, **given)
    except TypeError:
        return False
    return True


def _who(name: str) -> str:
    origin = DATASETS.origin(name)
    return f"data set {name}" if origin == "built in" else f"data set {name} of {origin}"


@contextlib.contextmanager
def quiet_sources() -> Iterator[None]:
    """While open, sources do not log what they guess or leave out: the caller says it, once for all processes."""
    log = logging.getLogger("gaitbench.datasets")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def by_subject(keys: Sequence[SequenceKey]) -> list[tuple[SequenceKey, ...]]:
    """Neighbouring sequences of one subject, twelve at most, as tasks: an archive is then opened by one process."""
    tasks: list[list[SequenceKey]] = []
    for key in keys:
        if tasks and tasks[-1][0].subject == key.subject and len(tasks[-1]) < _TOGETHER:
            tasks[-1].append(key)
        else:
            tasks.append([key])
    return [tuple(task) for task in tasks]
