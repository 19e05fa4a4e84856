"""What a self-contained page needs: pictures as addresses, data that cannot end its element, a policy."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import jinja2
from markupsafe import Markup

from gaitbench.reporting.formats.visible import visible_all

__all__ = ["content_policy", "data_uri", "environment", "json_block", "svg_uri"]


def environment() -> jinja2.Environment:
    """Jinja for our pages: everything escaped, nothing undefined, no character that acts instead of being shown."""
    return jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, finalize=visible_all
    )


def data_uri(data: bytes, kind: str) -> str:
    """A picture as a ``data:`` address; `kind` as ``png`` or ``svg+xml``."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def svg_uri(svg: str) -> str:
    """An SVG as a ``data:`` address."""
    return data_uri(svg.encode(), "svg+xml")


def _source(text: str) -> str:
    """The Content-Security-Policy source that allows exactly this inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def content_policy(style: str, script: str | None = None) -> str:
    """The Content-Security-Policy of a page: this style and this script, pictures in the page, nothing else."""
    scripts = f"script-src {_source(script)}; " if script is not None else ""
    rest = f"style-src {_source(style)}; {scripts}base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; img-src data:; {rest}"


def json_block(value: Any) -> Markup:
    """JSON for a script element: no character in it can end the element or open another."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
