"""Source files as syntax: what each name at the top of a module stands for, and which names that uses in turn."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

__all__ = ["Imported", "Source", "Statement", "read_source"]

#: A name with its attributes, ``np.linalg.svd`` as ``("np", "linalg", "svd")``.
Chain = tuple[str, ...]
#: Fields of a node that change nothing that is computed.
_SAY_NOTHING = {"ctx", "kind", "type_comment", "type_params"}
_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While)
#: Names at the top of a package that say what it offers, not what is computed.
_OFFERS = {"__all__", "__getattr__", "__dir__", "__version__", "__author__"}


@dataclass(frozen=True)
class Imported:
    """What an import binds: a module (`name` None), or `name` in it (``*`` for everything)."""

    module: str
    name: str | None = None


class Statement:
    """One statement at the top of a module; it is looked into when it is first asked."""

    def __init__(self, source: Source, tree: ast.stmt) -> None:
        self._source, self._tree = source, tree

    @cached_property
    def _read(self) -> _Reader:
        reader = _Reader(self._source)
        reader.take(self._tree)
        return reader

    @cached_property
    def text(self) -> str:
        """Its syntax tree without positions, comments and docstrings; the same in every version of Python."""
        return "".join(self._read.out)

    @property
    def uses(self) -> set[Chain]:
        """Names that it reads, with their attributes."""
        return self._read.uses

    @property
    def imports(self) -> dict[str, Imported]:
        """What it imports inside itself, by local name."""
        return self._read.imports

    @property
    def texts(self) -> set[str]:
        """Its string constants."""
        return self._read.texts


@dataclass
class Source:
    """A module as syntax.

    Attributes
    ----------
    bound : dict of str to list of Statement
        What defines each name at the top.
    imports : dict of str to Imported
        What is imported at the top, by name.
    always : list of Statement
        What acts when the module is imported, whichever of its names is wanted.
    stars : list of str
        Modules of ``from module import *``.
    lazy : dict of str to str
        Entries of tables of strings, for packages that import a name when it is asked for.
    """

    name: str
    file: Path
    is_package: bool
    bound: dict[str, list[Statement]] = field(default_factory=dict)
    imports: dict[str, Imported] = field(default_factory=dict)
    always: list[Statement] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    lazy: dict[str, str] = field(default_factory=dict)


def read_source(name: str, file: Path) -> Source:
    """Parse a module.

    Raises
    ------
    SyntaxError, ValueError
        If it is no Python.
    OSError
        If it cannot be read.
    """
    source = Source(name, file, file.name == "__init__.py")
    for node in ast.parse(file.read_bytes()).body:
        if not _is_text(node):
            _take(source, node)
    return source


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _take(source: Source, node: ast.stmt) -> None:
    """File a statement at the top under the names that it binds."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        _note_imports(source, node, source.imports)
        return
    if isinstance(node, ast.If) and _only_for_readers(node.test):
        for inner in node.orelse:
            _take(source, inner)
        return
    names = set(_bound_by(node))
    if names and names <= _OFFERS:
        return
    statement = Statement(source, node)
    for name in names:
        source.bound.setdefault(name, []).append(statement)
    if isinstance(node, _BLOCKS):  # ``try: import a`` binds at the top too
        source.imports.update(statement.imports)
    if not names or isinstance(node, _BLOCKS):
        source.always.append(statement)
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
        source.lazy.update(_strings_of(node.value))


def _only_for_readers(test: ast.expr) -> bool:
    """``if TYPE_CHECKING`` and ``if __name__ == "__main__"``: nothing of it runs when something is computed."""
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'"}


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For)):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            # ``TABLE["a"] = 1`` and ``thing.a = 1`` belong to the name that they change
            yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
    if isinstance(node, _BLOCKS):
        for inner in ast.iter_child_nodes(node):
            yield from _bound_by(inner)
            if isinstance(inner, ast.ExceptHandler):
                for deeper in inner.body:
                    yield from _bound_by(deeper)


def _strings_of(table: ast.Dict) -> Iterator[tuple[str, str]]:
    for key, value in zip(table.keys, table.values, strict=True):
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and texts:
            yield key.value, ":".join(texts)


class _Reader:
    """Writes a tree as text and notes what it uses, in one pass."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.out: list[str] = []
        self.uses: set[Chain] = set()
        self.imports: dict[str, Imported] = {}
        self.texts: set[str] = set()

    def take(self, node: ast.AST, inner: bool = False) -> None:
        """Take in a node; `inner` where it is part of a chain that is noted already."""
        chain = None if inner else _chain(node)
        if chain is not None:
            self.uses.add(chain)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _note_imports(self.source, node, self.imports)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.texts.add(node.value)
        out = self.out
        out.append(type(node).__name__)
        out.append("(")
        for name in node._fields:
            if name in _SAY_NOTHING:
                continue
            value = getattr(node, name, None)
            if value is None or value == []:
                if isinstance(node, ast.Constant) and name == "value":
                    out.append("None")
                continue
            out.append(name)
            out.append("=")
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        if not (isinstance(item, ast.Expr) and _is_text(item)):
                            self.take(item)
                    else:
                        out.append(repr(item))
                    out.append(",")
            elif isinstance(value, ast.AST):
                self.take(value, inner=inner or chain is not None)
            else:
                out.append(repr(value))
            out.append(";")
        out.append(")")


def _chain(node: ast.AST) -> Chain | None:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node.id, *reversed(attributes)) if isinstance(node, ast.Name) else None


def _note_imports(source: Source, node: ast.Import | ast.ImportFrom, into: dict[str, Imported]) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            # ``import a.b`` binds `a`; what of it is used says the chain of attributes
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            into[alias.asname or whole] = Imported(whole)
        return
    module = node.module or ""
    if node.level:
        parts = source.name.split(".")
        up = node.level - (1 if source.is_package else 0)
        module = ".".join([*(parts[: len(parts) - up] if up else parts), *([module] if module else [])])
    for alias in node.names:
        if alias.name == "*":
            source.stars.append(module)
        elif module != "__future__":
            into[alias.asname or alias.name] = Imported(module, alias.name)
