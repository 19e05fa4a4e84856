"""The import closure of what makes an artifact: its key holds all the code that computes it, and no other.

A closure is taken over *names*: a function, the names at the top of its module that it uses, those that they use, and
so on through imports, late ones too. Types in annotations count, for their methods are called. What counts of each is
its syntax tree: comments, docstrings and the layout of the text change no key.

Code that was rewritten and is shown to compute the same counts as what it was (`gaitbench.store.rewritten`). Of a
plug-in the whole package counts, with the data in it. What is found by a name that is made while it runs is not
seen: whoever computes a key gives such things (a system, a measure) to `closure_digest` beside its own function.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gaitbench.errors import ConfigError
from gaitbench.store.found_sources import (
    OURS,
    data_files,
    distribution,
    file_digest,
    follows,
    forget_sources,
    source_of,
)
from gaitbench.store.hashing import digest
from gaitbench.store.libraries import versions
from gaitbench.store.rewritten import as_before
from gaitbench.store.syntax import Chain, Source, Statement

__all__ = ["Closure", "closure", "closure_digest", "forget"]

#: Modules that carry a run and compute nothing of it: what a run is asked for stands in the keys as values, and what
#: these do (share out work, time it, keep it, find a system by its name) changes no array.
_CARRIERS = (
    "gaitbench.cli", "gaitbench.errors", "gaitbench.evaluation.run.context", "gaitbench.evaluation.run.log",
    "gaitbench.evaluation.run.memory", "gaitbench.evaluation.run.progress",
    "gaitbench.evaluation.run.worker_processes", "gaitbench.protocol", "gaitbench.registry", "gaitbench.reporting",
    "gaitbench.results", "gaitbench.store", "gaitbench.suites", "gaitbench.systems", "gaitbench.training.interrupts",
    "gaitbench.training.log",
)  # fmt: skip

_READERS = {"__file__", "files", "resources"}
_WHOLE = "*"


@dataclass(frozen=True)
class Closure:
    """What an artifact is made by.

    Parameters
    ----------
    names : tuple of str
        ``module:name`` of the code that is in it, sorted; ``module:*`` for a whole module.
    files : tuple of str
        Data files that it reads, sorted.
    libraries : tuple of str
        Libraries with their versions, sorted.
    digest : str
    """

    names: tuple[str, ...]
    files: tuple[str, ...]
    libraries: tuple[str, ...]
    digest: str


def closure_digest(*things: Any) -> str:
    """Hash of all code, shipped data and versions of libraries that `things` depend on.

    Parameters
    ----------
    *things : function, class, module or str
        What makes an artifact, and what it is given to work with: a system, a measure, a data set (their classes). A
        str is a module's name, or ``module:name``.

    Raises
    ------
    ConfigError
        If the source of one cannot be found or read.

    Examples
    --------
    >>> closure_digest("gaitbench.metrics.pictures:psnr") == closure_digest("gaitbench.metrics.pictures:ssim")
    False
    """
    return closure(*things).digest


def closure(*things: Any) -> Closure:
    """What is in the closure of `things`; see `closure_digest`."""
    found: dict[tuple[str, str], str] = {}
    for thing in things:
        if isinstance(thing, functools.partial):
            found["functools", f"partial{thing.args!r}{sorted(thing.keywords.items())!r}"] = "its arguments"
        place = _place(thing)
        known = source_of(place[0]) is not None
        if not known and isinstance(thing, str):
            raise ConfigError(f"no module {place[0]!r}: its source is not found")
        found[place] = "" if known else _typed_in(thing)
    return _closure(tuple(found.items()))


def _typed_in(thing: Any) -> str:
    """The text of what has no file: typed into a notebook; of what is compiled, its name."""
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        return repr(_place(thing))


def forget() -> None:
    """Read all sources again when they are next asked for; a program that changes code while it runs needs it."""
    _closure.cache_clear()
    forget_sources()


def _place(thing: Any) -> tuple[str, str]:
    """Module and name at its top of a function, class, module or ``module:name``."""
    if isinstance(thing, str):
        module, _, name = thing.partition(":")
        return module, name or _WHOLE
    if inspect.ismodule(thing):
        return thing.__name__, _WHOLE
    while isinstance(thing, functools.partial):
        thing = thing.func
    thing = inspect.unwrap(thing)
    if not hasattr(thing, "__qualname__"):
        thing = type(thing)
    return thing.__module__, thing.__qualname__.partition(".")[0]


@cache
def _closure(places: tuple[tuple[tuple[str, str], str], ...]) -> Closure:
    walk = _Walk({module.partition(".")[0] for (module, _), _ in places})
    for (module, name), text in places:
        if text:
            walk.libraries |= {module.partition(".")[0]} - {"__main__", "builtins"}
            walk.seen[module, name] = text
        else:
            walk.want(module, (name,) if name != _WHOLE else ())
            walk.want_package(module)
    walk.run()
    files = {path: file_digest(path, path.stat().st_mtime_ns) for path in walk.files}
    libraries = versions(walk.libraries)
    seen = as_before({f"{m}:{n}": text for (m, n), text in walk.seen.items()})
    hashed = digest(sorted(seen.items()), sorted(files.values()), libraries)
    return Closure(
        tuple(sorted(f"{m}:{n}" for m, n in walk.seen)), tuple(sorted(map(str, files))),
        tuple(version for _, version in libraries), hashed,
    )  # fmt: skip


class _Walk:
    """From names to all names that they use."""

    def __init__(self, tops: set[str]) -> None:
        self.tops = frozenset(t for top in tops - {*OURS} for t in distribution(top)) | {*OURS}
        self.todo: list[tuple[str, str]] = []
        self.seen: dict[tuple[str, str], str] = {}
        self.libraries: set[str] = set()
        self.files: set[Path] = set()

    def source(self, module: str) -> Source | None:
        top = module.partition(".")[0]
        return source_of(module) if top in self.tops or follows(top) else None

    def want(self, module: str, rest: Chain) -> str:
        """Ask for what attributes of a module lead to; returns its name."""
        if any(module == c or module.startswith(f"{c}.") for c in _CARRIERS):
            return module
        source = self.source(module)
        if source is None:
            top = module.partition(".")[0]
            if top not in sys.stdlib_module_names and not self._is_ours(top):
                self.libraries.add(top)
            return ".".join([module, *rest])
        if not self._is_ours(module) or not rest:
            if rest and source.name + "." + rest[0] in self._submodules(source, rest[0]):
                return self.want(f"{module}.{rest[0]}", rest[1:])
            return self._ask(module, _WHOLE)
        first = rest[0]
        if first in source.bound:
            return self._ask(module, first)
        if first in source.imports:
            found = source.imports[first]
            return self.want(found.module, (*([found.name] if found.name else []), *rest[1:]))
        if self._submodules(source, first):
            return self.want(f"{module}.{first}", rest[1:])
        if first in source.lazy:
            place, _, name = source.lazy[first].partition(":")
            for candidate in (f"{module}.{place}", place):
                if self.source(candidate) is not None:
                    return self.want(candidate, (name or first, *rest[1:]))
        return self._ask(module, _WHOLE)

    def _submodules(self, source: Source, name: str) -> set[str]:
        whole = f"{source.name}.{name}"
        return {whole} if source.is_package and self.source(whole) is not None else set()

    def _is_ours(self, module: str) -> bool:
        return module.partition(".")[0] in OURS

    def _ask(self, module: str, name: str) -> str:
        if (module, name) not in self.seen:
            self.seen[module, name] = ""
            self.todo.append((module, name))
        return f"{module}:{name}"

    def want_package(self, module: str) -> None:
        """Take in all modules of the package of a plug-in: it may import them by names that it makes."""
        top = self.source(module.partition(".")[0])
        if self._is_ours(module) or top is None or not top.is_package:
            return
        for file in sorted(top.file.parent.rglob("*.py")):
            parts = file.relative_to(top.file.parent).with_suffix("").parts
            self._ask(".".join([top.name, *(parts[:-1] if parts[-1] == "__init__" else parts)]), _WHOLE)
        self.files |= data_files(top.file.parent)

    def run(self) -> None:
        """Follow everything that was asked for."""
        while self.todo:
            module, name = self.todo.pop()
            source = self.source(module)
            if source is None:  # a file of a plug-in's package that is no module
                continue
            statements = list(source.always)
            edges: dict[str, str] = {}
            if name == _WHOLE:
                statements += [s for found in source.bound.values() for s in found]
                for alias, found in source.imports.items():
                    edges[alias] = self.want(found.module, (found.name,) if found.name else ())
                for entry in source.lazy:
                    edges[f"lazy {entry}"] = self._lazy(source, entry)
            else:
                statements += source.bound[name]
            for star in source.stars:
                edges[f"* {star}"] = self.want(star, ())
            unique = {id(s): s for s in statements}.values()
            for statement in unique:
                edges.update(self._edges(source, statement))
                self.files |= set(self._data(source, statement))
            self._ancestors(module)
            texts = sorted(s.text for s in unique)
            self.seen[module, name] = digest(texts, edges)

    def _lazy(self, source: Source, entry: str) -> str:
        place = source.lazy[entry].partition(":")[0]
        known = any(
            self.source(c) is not None
            for c in (f"{source.name}.{place}", place)
            if c.isprintable() and " " not in c
        )
        return self.want(source.name, (entry,)) if known and source.is_package else ""

    def _edges(self, source: Source, statement: Statement) -> Iterator[tuple[str, str]]:
        for chain in statement.uses:
            first, rest = chain[0], chain[1:]
            found = statement.imports.get(first)
            if found is None and first in source.bound:
                if self._is_ours(source.name):
                    yield first, self._ask(source.name, first)
                continue
            found = found or source.imports.get(first)
            if found is not None:
                yield ".".join(chain), self.want(found.module, (*([found.name] if found.name else []), *rest))

    def _data(self, source: Source, statement: Statement) -> Iterator[Path]:
        if not any(_READERS & set(chain) for chain in statement.uses):
            return
        named = [self.source(text) for text in statement.texts if text.partition(".")[0] in OURS]
        for home in [s for s in named if s is not None] or [source]:
            # a module that lies alone may lie anywhere: a script in somebody's home
            yield from data_files(home.file.parent, deep=home.is_package or "." in home.name)

    def _ancestors(self, module: str) -> None:
        """What acts in the packages around a module when it is imported."""
        parts = module.split(".")[:-1]
        for end in range(1, len(parts) + 1):
            around = self.source(".".join(parts[:end]))
            if around is not None and around.always and (around.name, "import") not in self.seen:
                self.seen[around.name, "import"] = digest(sorted(s.text for s in around.always))
