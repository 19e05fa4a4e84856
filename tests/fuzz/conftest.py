"""The counts of the fuzz, at the end of a run."""

from outcomes import COUNTS


def pytest_terminal_summary(terminalreporter):
    """Print how many mutated inputs of each kind gave a figure, and how many one line."""
    if COUNTS:
        terminalreporter.section("fuzz")
        for kind in sorted({k for k, _ in COUNTS}):
            figure, line = COUNTS[kind, "figure"], COUNTS[kind, "one line"]
            terminalreporter.write_line(
                f"{kind}: {figure + line} cases, {figure} a figure, {line} one clear line"
            )
        terminalreporter.write_line(f"all: {sum(COUNTS.values())} cases, none else")
