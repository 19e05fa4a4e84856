"""From a suite and settings to sweep to the suite that sweeps them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from gaitbench.errors import ConfigError
from gaitbench.suites.attacks_part import AttacksPart, Kept
from gaitbench.suites.checked_systems import checked_systems
from gaitbench.suites.parts import ExtrasPart, QualityPart
from gaitbench.suites.suite import Suite
from gaitbench.suites.validation import check_suite
from gaitbench.system_value import SystemValue

__all__ = ["parse_settings", "swept_suite"]

#: More are refused: a grid grows with the product.
_MOST = 64
_CONTROLS = ("original", "constant")


def parse_settings(anonymizers: Sequence[str], settings: Sequence[str]) -> list[SystemValue]:
    """The grid of every anonymizer.

    Parameters
    ----------
    anonymizers : sequence of str
        As registered; settings that stand in brackets (``model-2[training.steps=50]``) are kept in all its points.
    settings : sequence of str
        ``NAME=VALUE,VALUE,...`` for all of them, ``ANONYMIZER.NAME=...`` for one. Values are JSON (``0.5``, ``true``),
        anything else is a text.

    Raises
    ------
    ConfigError
        If there is nothing to sweep, a setting has no value or stands twice, or the grid has more than 64 points.

    Examples
    --------
    >>> [str(value) for value in parse_settings(["deform"], ["strength=0.1,0.3"])]
    ['deform[strength=0.1]', 'deform[strength=0.3]']
    """
    bases = [SystemValue.parse(text) for text in anonymizers]
    if len({value.name for value in bases}) < len(bases):
        raise ConfigError("--anonymizer names a system twice; name each once")
    axes: dict[str, dict[str, list[object]]] = {value.name: {} for value in bases}
    for text in settings:
        key, sign, values = text.partition("=")
        key, parts = key.strip(), [part.strip() for part in values.split(",")]
        if not sign or not key or not all(parts) or "[" in values:
            raise ConfigError(
                f"--setting {text!r} is none; write NAME=VALUE,VALUE, such as strength=0.25,0.5,1 (numbers, true, "
                "false or words; no lists, no empty value)"
            )
        if len(set(parts)) < len(parts):
            raise ConfigError(f"--setting {text!r} names a value twice; name each once")
        owner = next(
            (name for name in sorted(axes, key=len, reverse=True) if key.startswith(f"{name}.")), None
        )
        name = key if owner is None else key.removeprefix(f"{owner}.")
        for mine in axes if owner is None else [owner]:
            if name in axes[mine]:
                raise ConfigError(f"--setting {name} is given twice for {mine}; give all its values at once")
            if name in next(value for value in bases if value.name == mine).chosen:
                raise ConfigError(
                    f"{name} of {mine} is held in brackets and swept too; take one of the two out"
                )
            axes[mine][name] = [_value(part) for part in parts]
    found = []
    for base in bases:
        own = axes[base.name]
        if not own:
            raise ConfigError(f"nothing is swept of {base.name}; give --setting NAME=VALUE,VALUE")
        for point in product(*own.values()):
            chosen: Any = {**base.chosen, **dict(zip(own, point, strict=True))}
            found.append(SystemValue(base.name, chosen))
    if len(found) > _MOST:
        raise ConfigError(f"a grid of {len(found)} settings; at most {_MOST}: sweep fewer values at once")
    return found


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def swept_suite(suite: Suite, values: Sequence[SystemValue], colorizer: str) -> Suite:
    """The suite with nothing but the sweep in it: its data, split, walks, recognizers and effort.

    The anonymizers themselves, under their own settings, are run whole; of the suite's attackers ``ignorant`` and
    ``semi-informed`` stay, of its inputs silhouettes, of its references ``original``.

    Raises
    ------
    ConfigError
        For an unknown system, setting or value.
    """
    kept = tuple(a for a in suite.attacks.attackers if a in ("ignorant", "semi-informed")) or ("ignorant",)
    names = tuple(SystemValue(name) for name in dict.fromkeys(value.name for value in values))
    attacks = AttacksPart(
        attackers=kept, recognizers=suite.attacks.recognizers, training_draws=suite.attacks.training_draws,
        distances_mb=suite.attacks.distances_mb,
        kept=tuple(Kept(k.recognizer, tuple(a for a in k.attackers if a in kept)) for k in suite.attacks.kept),
    )  # fmt: skip
    systems = replace(
        suite.systems, anonymizers=names, colorizers=(SystemValue.parse(colorizer),),
        controls=tuple(c for c in suite.systems.controls if c in _CONTROLS),
    )  # fmt: skip
    quality = QualityPart(frames_per_sequence=suite.quality.frames_per_sequence, references=("original",))
    own = set(names)
    swept = replace(
        suite, name=f"sweep-{suite.name}", systems=systems, attacks=attacks, quality=quality, seeds=(),
        extras=ExtrasPart(naturalness=True, utility=True, sweep=tuple(v for v in values if v not in own)),
    )  # fmt: skip
    checked = checked_systems(swept)
    check_suite(checked)
    return checked
