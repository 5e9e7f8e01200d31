"""Puts the counting into a template, before it is compiled."""

from __future__ import annotations

from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer


def metered(tree: nodes.Template) -> nodes.Template:
    """Puts the counting into a template: at its head, and wherever work or texts can grow."""
    charge = _apply("_charge", nodes.Const(_weight(tree)))
    metered: nodes.Template = _Metering().visit(tree)
    metered.body.insert(0, nodes.ExprStmt(charge).set_lineno(1))
    return metered


def _weight(node: nodes.Node) -> int:
    return 1 + sum(1 for _ in node.find_all(nodes.Node))


def _apply(name: str, node: nodes.Expr, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


class _Metering(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        weight = nodes.Const(_weight(node))
        self.generic_visit(node)
        node.iter = _apply("_count", cast(nodes.Expr, node.iter), weight)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _apply("_read", node.expr)
        for operand in node.ops:
            operand.expr = _apply("_read", operand.expr)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _apply("_concat", nodes.List(node.nodes, lineno=node.lineno))

    def visit_List(self, node: nodes.List | nodes.Tuple | nodes.Dict) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        is_target = isinstance(node, nodes.Tuple) and node.ctx == "store"
        return node if is_target else _apply("_flat", node)

    visit_Tuple = visit_List  # noqa: N815
    visit_Dict = visit_List  # noqa: N815

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _apply("_keep", node) if isinstance(node.arg, nodes.Slice) else node
