"""``gaitbench plan``: what a run would do."""

from __future__ import annotations

from typing import Any

import click

from gaitbench.cli.options import open_from_options, planning_options, quiet_option

__all__ = ["command"]


@click.command("plan")
@planning_options
@click.option("--json", "as_json", is_flag=True, help="Every task, as JSON.")
@quiet_option
def command(as_json: bool, **options: Any) -> None:
    """Show what run-all would do: what is in the store, what would run, how long, how much memory and disk.

    Nothing is computed; files of a data set are read once, for their hashes. Times are estimates from earlier runs on
    the same store, and from a table of ours where there are none.
    """
    import json

    from gaitbench.evaluation.planning.as_json import plan_as_json
    from gaitbench.evaluation.planning.estimates import forecast
    from gaitbench.evaluation.planning.planner import plan_of
    from gaitbench.store.costs import costs_of

    run, _ = open_from_options(options)
    plan = plan_of(run, pictures=getattr(run.dataset, "has_colours", True))
    ahead = forecast(plan, costs_of(run.store), run.suite, run.jobs)
    if as_json:
        click.echo(json.dumps(plan_as_json(run, plan, ahead), indent=1))
        return
    from gaitbench.cli.plan_tree import show_plan

    show_plan(run, plan, ahead)
