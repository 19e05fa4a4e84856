"""The distances that a run's attacks will ask for, measured several attacks at a time.

A recognizer takes one thread to learn, and an attack has one of its own for every system that it learns from: side by
side they make use of every processor. What a worker measures it leaves in the store; the ladder then finds it there,
so that tables are the same with one process and with many.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Hashable, Sequence
from dataclasses import replace

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import learns_on_device, reads_of
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell, plan
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import StageTimer
from gaitbench.evaluation.run.memory import peak_mb
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import RECOGNIZERS, RUNGS
from gaitbench.system_value import base_name

__all__ = ["measure_ahead"]

#: Fewer groups of attacks than this, none of them with a network to train, are not worth the start of processes.
FEWEST = 6


def measure_ahead(ladder: Ladder) -> None:
    """Measure every attack of a suite in `run.jobs` processes, those that share a training together.

    First all that the attackers look at is anonymized, drawn and painted, by all processes. Attackers who undo a
    system come before the others: several recognizers read what one of them has restored.
    What fails is left alone: it is tried again, and named, where the ladder comes to it. So are third parties'
    systems, recognizers and rungs, which may hold what another process cannot have, and everything on a GPU.

    Parameters
    ----------
    ladder : Ladder
        Of a suite whose systems are trained.
    """
    run, views = ladder.run, ladder.views
    if run.jobs == 1 or run.device != "cpu":
        return
    cells = [c for c in plan(run.suite, rendered=run.dataset.rendered) if _may_move(views.systems, c)]
    groups = _by_training(cells)
    if len(groups) < (2 if any(learns_on_device(c.attack.recognizer) for c in cells) else FEWEST):
        return
    looked_at: set[Hashable] = set()
    for cell in cells:
        place = (cell.anonymizer, cell.colorizer, cell.attack.attacker, cell.attack.input)
        if place not in looked_at:
            looked_at.add(place)
            with contextlib.suppress(GaitbenchError):
                ladder.look_ahead(cell)
    views.release()
    _share(run, views, _restoring_first(cells))
    _share(run, views, groups)


def _may_move(systems: Systems, cell: Cell) -> bool:
    """Whether another process can run an attack: nothing of a third party takes part in it."""
    try:
        ours = (
            RUNGS.origin(cell.attack.attacker) == "built in"
            and RECOGNIZERS.origin(base_name(cell.attack.recognizer)) == "built in"
            and systems.may_move("anonymizer", cell.anonymizer)
        )
        return ours and (cell.colorizer == "none" or systems.may_move("colorizer", cell.colorizer))
    except GaitbenchError:
        return False


def _training_of(cell: Cell) -> tuple[Hashable, ...]:
    """Attacks of one training have this in common."""
    rung = RUNGS.get(cell.attack.attacker)
    own = rung.training is not Rung.training
    return (
        cell.attack.recognizer,
        cell.attack.input,
        *((rung.training.__qualname__, cell.anonymizer, cell.colorizer) if own else ()),
    )


def _by_training(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Attacks that share a trained recognizer; those that take longest first, so that all processes end together."""
    found: dict[Hashable, list[Cell]] = {}
    for cell in cells:
        found.setdefault(_training_of(cell), []).append(cell)

    def cost(group: list[Cell]) -> tuple[bool, bool, int]:
        rungs = [RUNGS.get(c.attack.attacker) for c in group]
        more = any(not rung.usual_training for rung in rungs)
        return learns_on_device(group[0].attack.recognizer), more, len(group)

    return sorted(found.values(), key=cost, reverse=True)


def _restoring_first(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Of the attackers who undo something, one attack a system and kind of rows, by a recognizer that learns soon."""
    found: dict[Hashable, list[Cell]] = {}
    for cell in sorted(cells, key=lambda c: learns_on_device(c.attack.recognizer)):
        if RUNGS.get(cell.attack.attacker).restored is not Rung.restored:
            place = (cell.attack.attacker, cell.anonymizer, reads_of(cell.attack.recognizer))
            found.setdefault(place, [cell])
    return sorted(found.values(), key=lambda group: reads_of(group[0].attack.recognizer) == "gei")


def _share(run: RunContext, views: Views, groups: Sequence[list[Cell]]) -> None:
    """Measure groups of attacks, and take over what the workers' stages took."""
    if not groups:
        return
    run.progress.start("attack")
    run.progress.update(0.0, f"{len(groups)} trainings of attackers, {min(run.jobs, len(groups))} at a time")
    started, workers = time.perf_counter(), StageTimer("attack")
    work = [(views.needs, group) for group in groups]
    for number, stages in enumerate(share_out(run, workers, _measure, work, fewest=2)):
        here = peak_mb() + workers.workers_mb
        run.log.stages += [replace(stage, peak_memory_mb=here) for stage in stages]
        done = groups[number][0]
        run.progress.update((number + 1) / len(groups), f"{number + 1} of {len(groups)}: {done}")
    run.progress.finish("attack", time.perf_counter() - started, False)


def _measure(run: RunContext, needs: dict[str, dict[Need, str]], cells: Sequence[Cell]) -> list[StageTimer]:
    """Run attacks that share a training (in a worker); their distances stay in the store."""
    alone = replace(run, jobs=1)
    ladder = Ladder(alone, Views(alone, Systems(alone, needs["models"]), needs))
    for number, cell in enumerate(cells, 1):
        with contextlib.suppress(GaitbenchError):
            ladder.outcome(cell)
        if cell.anonymizer not in {later.anonymizer for later in cells[number:]}:
            ladder.views.forget(cell.anonymizer)
    return alone.log.stages
