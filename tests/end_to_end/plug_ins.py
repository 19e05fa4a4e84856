"""Packages of third parties as an installer leaves them: modules and a ``dist-info`` with entry points, no pip."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def install(site, package, modules, points):
    """Put a package into a folder of its own.

    `modules` is name -> text; `points` is kind of thing -> {name: "module:attribute"}.
    """
    site.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (site / f"{name}.py").write_text(text, encoding="utf-8")
    info = site / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = []
    for kind, named in points.items():
        lines += [f"[gaitbench.{kind}s]", *(f"{name} = {place}" for name, place in named.items()), ""]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def environment(site):
    """Environment of a process that sees what is installed in `site`."""
    path = os.pathsep.join([str(site), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
