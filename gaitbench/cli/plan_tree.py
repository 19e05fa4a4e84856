"""A plan as a tree on the terminal."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from gaitbench.evaluation.planning.estimates import Forecast
from gaitbench.evaluation.planning.task import KINDS, Plan, Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.system_value import base_name

__all__ = ["readable_bytes", "readable_time", "show_plan"]

_WIDTH = 160
_SOURCES = {
    "suite": "runs of this suite on this store",
    "store": "runs of other suites on this store",
    "shipped": "a table that came with the package (another machine)",
}


def show_plan(run: RunContext, plan: Plan, ahead: Forecast) -> None:
    """Print what is there, what is left, how long and how much."""
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, _WIDTH)  # a tree is cut off where its lines are too long
    console.print(Text(f"{plan.suite} on {plan.data}, store {run.store.place}"))
    tree = Tree("", hide_root=True)
    for kind, title in KINDS.items():
        tasks = [task for task in plan.tasks if task.kind == kind]
        if not tasks:
            continue
        branch = tree.add(Text(f"{title}: {_line(tasks, ahead)}"))
        labels = dict.fromkeys(map(_system, tasks))
        for label in labels if len(labels) > 1 else ():
            mine = [task for task in tasks if _system(task) == label]
            branch.add(Text(f"{label}: {_line(mine, ahead)}"))
    console.print(tree)
    for name in plan.missing_data[:3]:
        console.print(Text(f"the data lack {name}"))
    if len(plan.missing_data) > 3:
        console.print(
            Text(f"the data lack {len(plan.missing_data) - 3} more sequences that the suite asks for")
        )
    for trouble in plan.troubles:
        console.print(Text(f"will fail: {trouble}"))
    _sums(console, run, plan, ahead)


def _sums(console: Console, run: RunContext, plan: Plan, ahead: Forecast) -> None:
    console.print(
        Text(
            f"left: {len(ahead.each):,} of {len(plan.tasks):,} tasks, {readable_time(ahead.core_seconds)} of one "
            f"process; about {readable_time(ahead.seconds)} with {run.jobs}, "
            f"{readable_bytes(ahead.memory_mb * 1e6)} of memory, {readable_bytes(ahead.size)} of disk"
        )
    )
    if plan.unknown:
        console.print(
            Text(
                f"of {plan.unknown} tasks the keys are not sure yet: they depend on whether a system shows another "
                "draw of noise otherwise"
            )
        )
    sources = {one.source for one in ahead.each.values()}
    if sources:
        told = ", ".join(text for name, text in _SOURCES.items() if name in sources)
        console.print(Text(f"estimated from {told}"))
    place = next((p for p in (run.store.root, *run.store.root.absolute().parents) if p.exists()), None)
    free = shutil.disk_usage(place).free if place is not None else float("inf")
    if ahead.size > free:
        console.print(Text(f"the disk of the store has {readable_bytes(free)} free: that will not do"))


def _system(task: Task) -> str:
    """By which system something is done: its settings, its trainings and who paints it stand in the JSON."""
    return base_name(task.label.partition(" + ")[0]) if task.label else "untouched"


def _line(tasks: Sequence[Task], ahead: Forecast) -> str:
    made = sum(len(task.makes) for task in tasks)
    missing = sum(task.missing for task in tasks)
    left = [ahead.each[task.name] for task in tasks if task.name in ahead.each]
    if not left:
        return f"{made:,} in the store"
    there = f"{made - missing:,} of {made:,} in the store, " if made else ""
    more = "" if all(task.known for task in tasks) or not made else "+"
    seconds = readable_time(sum(one.seconds for one in left))
    count = f"{len(left):,} task{'s' if len(left) > 1 else ''}"
    return f"{there.replace(' in', more + ' in', 1)}{count}, {seconds}"


def readable_time(seconds: float) -> str:
    """Seconds as a text of two figures at most."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def readable_bytes(size: float) -> str:
    """Bytes as a text."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
