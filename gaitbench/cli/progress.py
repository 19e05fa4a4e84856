"""The drawing of progress: one bar on a terminal, one line a stage in a log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gaitbench.cli.following import Following, said_of

if TYPE_CHECKING:
    from gaitbench.evaluation.run.context import RunContext

__all__ = ["RichProgress", "follow_plan"]

#: Stages that took less leave no line behind.
_WORTH_A_LINE = 0.5


class RichProgress:
    """Draws the stages of a run on the terminal's error stream.

    Without a plan the bar shows the stage that is going on; with one (`follow`) the whole run, with the time left.
    """

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(stderr=True)
        self._bar = self._new(whole=False)
        self._following: Following | None = None
        self._plan: Callable[[], Following | None] | None = None
        self._worked = False
        self._task: Any = None
        self._stage = self._note = ""
        self._done: list[Any] = []

    def _new(self, *, whole: bool) -> Any:
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        left = TextColumn("{task.fields[left]}") if whole else TimeRemainingColumn()
        return Progress(
            TextColumn("{task.description:<18}"), BarColumn(30), TaskProgressColumn(), TimeElapsedColumn(),
            TextColumn("left"), left, TextColumn("[dim]{task.fields[note]}"), console=self.console, transient=True,
        )  # fmt: skip

    def __enter__(self) -> RichProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def follow(self, plan: Callable[[], Following | None], *, now: bool) -> None:
        """Show one bar over a plan: from now on, or from the first stage behind one that had something to do.

        A run that finds all in the store has ended before its plan is made.
        """
        self._plan = plan
        if now:
            self._begin()

    def _begin(self) -> None:
        make, self._plan = self._plan, None
        following = make() if make is not None else None
        if following is None:
            return
        self._bar.stop()
        self._bar, self._following = self._new(whole=True), following
        self._task = self._bar.add_task("", total=1.0, note="", left="")
        self._bar.start()
        self._move()

    def start(self, stage: str) -> None:
        """A stage begins."""
        self._stage, self._note, self._done = stage, "", []
        if self._worked and self._plan is not None:
            self._begin()
        if self._following is not None:
            self._move()
            return
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(stage, total=1.0, note="")

    def update(self, fraction: float, text: str = "") -> None:
        """Move the bar."""
        self._note, self._worked = text or self._note, True
        if self._following is not None:
            self._done += self._following.look(self._stage)
            self._move()
        elif self._task is not None:
            self._bar.update(self._task, completed=min(max(fraction, 0.0), 1.0), note=text)

    def finish(self, stage: str, seconds: float, cached: bool) -> None:
        """Leave a line behind for a stage that took time."""
        if self._following is not None:
            self._done += self._following.end(stage)
            self._move()
        elif self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        if seconds >= _WORTH_A_LINE:
            # what it was for: by the plan, or the system or the input, and not the last person of it
            what = said_of(self._done) or self._note.partition(": subject ")[0]
            kept = "  (from the store)" if cached else ""
            line = f"{stage:<18} {seconds:7.1f} s{kept}{f'  {what}' if what else ''}"
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._done = []

    def _move(self) -> None:
        assert self._following is not None
        seconds = round(self._following.left)
        hours, rest = divmod(seconds, 3600)
        self._bar.update(
            self._task, description=self._stage, completed=self._following.share, note=self._note,
            left=f"{hours}:{rest // 60:02d}:{rest % 60:02d}",
        )  # fmt: skip


def follow_plan(progress: RichProgress, run: RunContext, *, pictures: bool) -> None:
    """Show a run over its plan; where it cannot be planned, by its stages: the run itself says what is wrong."""
    from gaitbench.store import Store
    from gaitbench.store.costs import costs_of

    # a store of its own: what is looked at here counts as used by nobody
    store = Store(run.store.root, run.store.mirror)
    costs = costs_of(store)

    def following() -> Following | None:
        from gaitbench.errors import GaitbenchError
        from gaitbench.evaluation.planning.estimates import forecast
        from gaitbench.evaluation.planning.planner import plan_of

        try:
            plan = plan_of(run, pictures=pictures)
        except GaitbenchError:
            return None
        ahead = forecast(plan, costs, run.suite, run.jobs)
        return Following(plan, ahead, store, again=lambda: plan_of(run, pictures=pictures))

    # a suite of which nothing is noted has not ended here yet: there is something to do
    progress.follow(following, now=not any(cost.suite == run.suite.name for cost in costs))
