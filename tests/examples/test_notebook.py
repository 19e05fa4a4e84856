"""The notebook runs from top to bottom, cell by cell, in the folder where it lies; no kernel is needed for that."""

import ast
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "docs" / "examples"
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))


def run_cell(source, names):
    """What a notebook does: every statement, and the value of the last where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_runs_and_shows_something(path, monkeypatch, capsys):
    monkeypatch.chdir(HERE)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4 and len({cell["id"] for cell in notebook["cells"]}) == len(
        notebook["cells"]
    )
    names = {"__name__": "__main__"}
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [], "outputs are not kept: they would be those of another run"
        value = run_cell("".join(cell["source"]), names)
        shown = getattr(value, "_repr_html_", None) or getattr(value, "_repr_png_", None)
        assert (shown and shown()) or capsys.readouterr().out.strip(), f"cell {number} shows nothing"
        if hasattr(value, "columns"):
            assert len(value) and value.notna().any(axis=None), f"cell {number} shows an empty table"
