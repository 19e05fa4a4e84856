"""The page's script, joined from the files of ``templates/js``: a report stays one file that opens from disk.

A browser loads no module from a ``file:`` address, so the files are no ES modules: each is wrapped in a function of its
own, and what others may use of it is one entry of the object `page`, ``page.sorting`` in ``sorting.js``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

__all__ = ["SCRIPTS", "page_script"]

#: Files in the order in which they run: each uses only what stands before it while it is read; `main` starts them.
SCRIPTS: tuple[str, ...] = (
    "dom", "theme", "sorting", "copying", "chart", "player", "pair", "filters", "rows", "scrolling",
    "terms", "folding", "main",
)  # fmt: skip


def page_script(names: Sequence[str] = SCRIPTS) -> str:
    """The script as a page holds it: whole, or those of its files that the page needs."""
    folder = resources.files("gaitbench.reporting.page") / "templates" / "js"
    parts = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in names]
    return "\n".join(['"use strict";', "(() => {", "const page = {};", *parts, "})();", ""])
