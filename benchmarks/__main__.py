"""``python -m benchmarks [NAME...] [--json FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.harness import Row, discover, run_case, write_results

HEAD = (
    f"{'benchmark':18} {'case':44} {'peer':18} {'ours s':>9} {'peer s':>9} {'ratio':>7} {'by cpu':>7} {'differ':>8}"
    "  MB ours/peer"
)


def line(row: Row) -> str:
    """One row as text."""
    outcome = {None: "", True: " (reached)", False: " (NOT reached)"}[row.reached]
    return (
        f"{row.benchmark[:18]:18} {row.case[:44]:44} {row.peer[:18]:18} {row.ours_s:9.4f} {row.peer_s:9.4f} "
        f"{row.ratio:7.2f} {row.cpu_ratio:7.2f} {row.agreement:8.1e}  "
        f"{row.ours_mb:.0f} / {row.peer_mb:.0f}   {row.goal}{outcome}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="modules to run, or their first word (default: all)"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="where to write the results; other rows there stay"
    )
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="timed rounds of every case (default: its own)"
    )
    parser.add_argument("--case", default="", metavar="TEXT", help="only cases with this text in their name")
    parser.add_argument("--list", action="store_true", help="only list the benchmarks")
    options = parser.parse_args(arguments)
    try:
        modules = discover(options.names)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.list:
        for name, module in modules:
            print(f"{name:24} {(module.__doc__ or '').strip().splitlines()[0]}")
        return 0
    target = options.json
    if target is None and not (options.names or options.case):
        target = Path(__file__).with_name("results.json")
    print(HEAD)
    for name, module in modules:
        for case in module.cases():
            if options.case not in case.case:
                continue
            rows = []
            for row in run_case(name, case, options.rounds):
                rows.append(row)
                print(line(row), flush=True)
            if target is not None:  # after each case: a long run that is stopped keeps what it has measured
                write_results(rows, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
