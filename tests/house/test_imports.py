"""The house keeps its own rules: no import circle, no arrow upward, rooms and files of a size one can take in."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
#: What each room may import. Modules beside the rooms are the ground that all stand on.
GROUND = {
    "gaitbench", "errors", "nearest", "processes", "protocol", "registry", "system_value", "systems", "training_free",
    "validation",
}  # fmt: skip
MAY = {
    "gaitbench": set(),
    "errors": set(),
    "processes": set(),
    "protocol": set(),
    "nearest": set(),
    "registry": {"errors", "nearest"},
    "validation": {"errors", "nearest"},
    "system_value": {"errors", "validation"},
    "systems": {"datasets", "errors"},
    "training_free": {"datasets", "errors"},
    "store": GROUND,
    "datasets": GROUND | {"store", "recognizer"},
    "suites": GROUND | {"datasets", "store"},
    "training": GROUND | {"datasets", "store"},
    "anonymizers": GROUND | {"datasets", "training"},
    "colorizers": GROUND | {"datasets", "training"},
    "metrics": GROUND | {"recognizer"},
    "results": GROUND | {"metrics", "store"},
    "evaluation": GROUND
    | {"store", "datasets", "suites", "training", "metrics", "results", "anonymizers", "colorizers", "recognizer"},
    "clips": GROUND | {"store", "datasets", "suites", "training", "anonymizers", "colorizers"},
    "making": GROUND
    | {"store", "datasets", "suites", "training", "metrics", "results", "evaluation", "anonymizers", "colorizers",
       "clips", "recognizer"},
    "importing": GROUND | {"store", "datasets", "clips", "recognizer", "reporting"},
    "doctor": GROUND | {"store", "datasets", "suites", "recognizer", "reporting"},
    "reporting": {"errors", "nearest", "registry", "results", "store", "validation"},
    "recognizer": set(),
}  # fmt: skip
#: The command line drives everything; it alone may.
ABOVE_ALL = {"cli", "__main__"}
#: Modules that hold more than a room should, with the reason.
FULL_ROOMS = {"gaitbench/cli": "one module a verb"}
#: Arrows that are to be turned yet: the set may only shrink.
STILL_UPWARD: list[str] = []
MOST_FILES, MOST_LINES, MEDIAN_LINES = 14, 350, 150


@cache
def modules():
    """Dotted name -> file, of both packages."""
    found = {}
    for package in ("gaitbench", "recognizer"):
        for file in (ROOT / package).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(source, known):
    """Modules of `known` that a source imports: late imports and those for type checking count too."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a thing stands"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if whole in known else node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name in known}


@cache
def arrows():
    """Module -> modules that it imports."""
    known = modules()
    return {m: imported(f.read_text(encoding="utf-8"), known) - {m} for m, f in known.items()}


def circles(graph):
    """Groups of modules that import each other, by Tarjan's algorithm."""
    order, low, stack, found = {}, {}, [], []

    def visit(module):
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(graph):
        if module not in order:
            visit(module)
    return found


def room_of(module):
    parts = module.split(".")
    return "recognizer" if parts[0] == "recognizer" else parts[1] if len(parts) > 1 else "gaitbench"


def test_no_module_imports_itself_by_a_detour():
    assert circles(arrows()) == []


def test_a_circle_would_be_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    late = "def f():\n    from gaitbench.store import digest\n"
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gaitbench.errors\n"
    assert imported(late, modules()) == {"gaitbench.store"}
    assert imported(typed, modules()) == {"gaitbench.errors"}


@pytest.mark.parametrize("room", sorted({room_of(m) for m in modules()} - ABOVE_ALL))
def test_no_arrow_upward(room):
    upward = sorted(
        f"{module} -> {other}"
        for module, others in arrows().items()
        for other in others
        if room_of(module) == room and room_of(other) not in MAY[room] | {room}
    )
    assert upward == [arrow for arrow in STILL_UPWARD if room_of(arrow.split()[0]) == room]


def test_reporting_reads_records_and_writes_files_and_nothing_else():
    reached = {o for m, others in arrows().items() if room_of(m) == "reporting" for o in others}
    assert {o for o in reached if room_of(o) == "store"} <= {
        "gaitbench.store.atomic",
    }


def test_within_reporting_data_flows_one_way():
    order = ("formats", "reading", "words", "tables", "figures", "page")
    place = {f"gaitbench.reporting.{room}": number for number, room in enumerate(order)}

    def stage(module):
        return place.get(".".join(module.split(".")[:3]), len(order))

    inside = {m: others for m, others in arrows().items() if m.startswith("gaitbench.reporting.")}
    backward = [
        f"{m} -> {o}" for m, others in inside.items() for o in others if o in inside and stage(o) > stage(m)
    ]
    assert sorted(backward) == []


def test_metrics_take_pure_functions_of_the_recognizer_alone():
    reached = {o for m, others in arrows().items() if room_of(m) == "metrics" for o in others}
    assert {o for o in reached if room_of(o) == "recognizer"} <= {
        "recognizer.checks",
        "recognizer.matching",
        "recognizer.rank_measures",
    }


def test_rooms_are_small():
    rooms = Counter(
        f.parent.relative_to(ROOT).as_posix() for f in modules().values() if f.name != "__init__.py"
    )
    assert {room: n for room, n in rooms.items() if n > MOST_FILES and room not in FULL_ROOMS} == {}


def test_files_are_short():
    lines = {
        f.relative_to(ROOT).as_posix(): len(f.read_text(encoding="utf-8").splitlines())
        for f in modules().values()
    }
    assert {f: n for f, n in lines.items() if n > MOST_LINES} == {}
    assert median(lines.values()) <= MEDIAN_LINES
