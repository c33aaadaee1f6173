"""Every message and hint that the program's errors can carry, read from the source without running it."""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

GAP = "\0"
"""Stands for what is filled in when the program runs."""


@dataclass(frozen=True)
class Template:
    """A message or hint.

    Args:
        text: With `GAP` where something is filled in.
        place: Room and line.
        fillings: Texts of the source that may stand in its gaps.
    """

    text: str
    place: str
    fillings: frozenset[str] = frozenset()


class Module:
    """A file of the package and what is defined in it.

    Args:
        name: With dots.
        tree: Its syntax.
    """

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree
        self.around: dict[ast.AST, ast.FunctionDef | None] = {}
        self.nodes: dict[type[ast.AST], list[Any]] = {}
        self._read(tree, None)

    def _read(self, node: ast.AST, function: ast.FunctionDef | None) -> None:
        self.around[node] = function
        self.nodes.setdefault(type(node), []).append(node)
        inside = node if isinstance(node, ast.FunctionDef) else function
        for name in node._fields:
            value = getattr(node, name, None)
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
                    self._read(child, inside)

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Values of names of the whole file."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                found[node.target.id] = node.value
        return found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Functions and methods by name."""
        return {node.name: node for node in self.nodes.get(ast.FunctionDef, [])}

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """Names taken from other files: file and name there."""
        nodes = self.nodes.get(ast.ImportFrom, [])
        return {alias.asname or alias.name: (node.module or "", alias.name) for node in nodes for alias in node.names}


class Source:
    """The whole package.

    Args:
        package: Its folder.
        without: Folders in it that are not read.
    """

    def __init__(self, package: Path, without: tuple[str, ...] = ()) -> None:
        self.modules: dict[str, Module] = {}
        self._known: dict[int, set[str]] = {}
        self._ends: dict[int, list[tuple[ast.expr, Module]]] = {}
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            if parts[1] in without:
                continue
            name = ".".join(parts).removesuffix(".__init__")
            self.modules[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
        self.errors = {"AppError"}
        classes = [node for module in self.modules.values() for node in module.nodes.get(ast.ClassDef, [])]
        for _ in range(3):
            self.errors |= {c.name for c in classes if any(ast.unparse(base) in self.errors for base in c.bases)}
        self.calls: dict[str, list[tuple[Module, ast.Call]]] = {}
        for module in self.modules.values():
            for call in module.nodes.get(ast.Call, []):
                self.calls.setdefault(_called(call), []).append((module, call))

    def templates(self) -> Iterator[Template | str]:
        """Messages and hints of all errors; a str names an expression that could not be followed."""
        for name in sorted(self.errors):
            for module, call in self.calls.get(name, []):
                for part in (*call.args, *(k.value for k in call.keywords if k.arg in ("user_message", "hint"))):
                    yield from self._of(part, module)
        for module in self.modules.values():
            for node in module.nodes.get(ast.AugAssign, []):
                if ast.unparse(node.target).endswith("error.hint"):
                    for found in self._of(node.value, module):
                        yield Template(GAP + found.text, found.place) if isinstance(found, Template) else found

    def shapes(self) -> set[str]:
        """All texts of the package, with `GAP` where something is filled in."""
        found: set[str] = set()
        for module in self.modules.values():
            for node in (*module.nodes.get(ast.Constant, []), *module.nodes.get(ast.JoinedStr, [])):
                found |= self.texts(node, module)
        return found

    def _of(self, part: ast.expr, module: Module) -> Iterator[Template | str]:
        place = f"{module.name}:{part.lineno}"
        texts = self.texts(part, module)
        if not texts:
            if not any(_is_translated_by_qt(end) for end, _ in self._values(part, module)):
                yield f"{module.name}: {ast.unparse(part)}"
            return
        fillings = frozenset(self._fillings(part, module))
        for text in sorted(texts):
            if any(letter.isalpha() for letter in text):
                yield Template(text, place, fillings)

    def _fillings(self, part: ast.expr, module: Module) -> Iterator[str]:
        for gap in ast.walk(part):
            if isinstance(gap, ast.FormattedValue) and not isinstance(gap.value, ast.Constant):
                # one word is a name or a value, which stays
                yield from (text for text in self.texts(gap.value, module) if " " in text)

    def texts(self, node: ast.expr, module: Module) -> set[str]:
        """What an expression can be as far as the source says; empty where it does not."""
        if id(node) not in self._known:
            self._known[id(node)] = set()  # what leads back to itself ends here
            self._known[id(node)] = self._read(node, module)
        return self._known[id(node)]

    def _read(self, node: ast.expr, module: Module) -> set[str]:
        texts: set[str] = set()
        for value, where in self._values(node, module):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                texts.add(value.value)
            elif isinstance(value, ast.JoinedStr):
                parts = [self._piece(piece, where) for piece in value.values]
                texts |= {"".join(choice) for choice in itertools.product(*parts)}
            elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
                sides = (self.texts(side, where) or {GAP} for side in (value.left, value.right))
                texts |= {"".join(choice) for choice in itertools.product(*sides)}
            elif isinstance(value, ast.Call) and _called(value) == "format" and isinstance(value.func, ast.Attribute):
                texts |= {text.replace("{}", GAP) for text in self.texts(value.func.value, where)}
        return texts

    def _piece(self, piece: ast.expr, module: Module) -> set[str]:
        if isinstance(piece, ast.Constant):
            return {str(piece.value)}
        inner = piece.value if isinstance(piece, ast.FormattedValue) else piece
        # a choice of words, or a constant, is part of the sentence; anything else is a gap
        is_constant = isinstance(inner, ast.Name) and inner.id in module.constants
        is_choice = isinstance(inner, ast.IfExp)
        return (self.texts(inner, module) if is_constant or is_choice else set()) or {GAP}

    def _values(self, node: ast.expr, module: Module) -> list[tuple[ast.expr, Module]]:
        """Follow names, choices, tables and functions to what they end in."""
        if id(node) not in self._ends:
            self._ends[id(node)] = []  # what leads back to itself ends here
            ends = {id(end): (end, where) for end, where in self._followed(node, module)}
            self._ends[id(node)] = list(ends.values())
        return self._ends[id(node)]

    def _followed(self, node: ast.expr, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        follow: list[tuple[ast.expr, Module]] = []
        if isinstance(node, ast.IfExp):
            follow = [(node.body, module), (node.orelse, module)]
        elif isinstance(node, ast.BoolOp):
            follow = [(value, module) for value in node.values]
        elif isinstance(node, ast.Subscript):
            follow = list(self._picked(node, module))
        elif isinstance(node, ast.Name):
            follow = list(self._named(node, module))
        elif isinstance(node, ast.Call) and _called(node) != "format" and not _is_translated_by_qt(node):
            follow = list(self._answers(node, module))
        else:
            yield node, module
        for value, where in follow:
            yield from self._values(value, where)

    def _picked(self, node: ast.Subscript, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        for table, where in self._values(node.value, module):
            if isinstance(table, ast.Dict):
                yield from ((value, where) for value in table.values)
            elif isinstance(table, ast.Tuple) and isinstance(node.slice, ast.Constant):
                yield table.elts[int(str(node.slice.value))], where
            elif isinstance(table, (ast.Tuple, ast.List)):
                yield from ((value, where) for value in table.elts)

    def _named(self, node: ast.Name, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        around = module.around[node]
        if around is not None:
            found = [value for value in _assigned(around, node.id)]
            yield from ((value, module) for value in found)
            names = [a.arg for a in (*around.args.posonlyargs, *around.args.args)]
            if not found and node.id in (*names, *(a.arg for a in around.args.kwonlyargs)):
                yield from self._handed_over(around, node.id, [n for n in names if n != "self"])
                return
            if found:
                return
        if node.id in module.constants:
            yield module.constants[node.id], module
        elif node.id in module.imports:
            file, name = module.imports[node.id]
            other = self.modules.get(file)
            if other is not None and name in other.constants:
                yield other.constants[name], other

    def _handed_over(self, function: ast.FunctionDef, name: str, names: list[str]) -> Iterator[tuple[ast.expr, Module]]:
        for module, call in self.calls.get(function.name, []):
            # methods of other objects share names: get, add, open
            if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in ("self", "values"):
                continue
            named = {k.arg: k.value for k in call.keywords}
            if name in named:
                yield named[name], module
            elif name in names and names.index(name) < len(call.args):
                yield call.args[names.index(name)], module

    def _answers(self, node: ast.Call, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        called = _called(node)
        if called == "get" and isinstance(node.func, ast.Attribute):
            for table, where in self._values(node.func.value, module):
                if isinstance(table, ast.Dict):
                    yield from ((value, where) for value in table.values)
            yield from ((value, module) for value in node.args[1:])
            return
        where = module
        if called not in module.functions and called in module.imports:
            file, called = module.imports[called]
            where = self.modules.get(file, module)
        function = where.functions.get(called) if isinstance(node.func, ast.Name) else None
        if function is not None:
            for inner in ast.walk(function):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield inner.value, where


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _is_translated_by_qt(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and _called(part) == "tr" for part in ast.walk(node))


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            yield node.value
        elif isinstance(node, ast.NamedExpr) and node.target.id == name:
            yield node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            yield node.value
