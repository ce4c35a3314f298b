"""A decision tree as a picture: any tree, given as plain arrays and words."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import AnyArray, IntArray, check_shape
from explainers.meta_forest.pictures.histogram_bars import bars, legend, shown_classes
from explainers.svg import (
    INK,
    LINE,
    MUTED,
    TAKEN,
    box,
    colour_of,
    document,
    escaped,
    label,
    stroke,
    wrapped,
)

_WIDE, _ACROSS, _DOWN, _EDGE = 248.0, 66.0, 12.0, 20.0
_CHARACTERS, _LINES, _LINE_HIGH, _BARS_HIGH = 29, 3, 15.0, 22.0


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TreePicture:
    """What a picture of a tree shows; node 0 is the root.

    Attributes
    ----------
    children_left, children_right
        Shape (nodes). -1 in a leaf.
    conditions
        For each node its test in words; a leaf's is not shown.
    histograms
        Shape (nodes, classes). The training images at each node, by class.
    classes
        The class names.
    branches
        What the ways to the left and to the right child are called.
    highlighted
        The nodes of one path, drawn bold; empty for none.
    title
        Stands above the tree.

    """

    children_left: IntArray
    children_right: IntArray
    conditions: tuple[str, ...]
    histograms: AnyArray
    classes: tuple[str, ...]
    branches: tuple[str, str] = ("yes", "no")
    highlighted: tuple[int, ...] = ()
    title: str = "Decision tree"

    def __post_init__(self) -> None:
        nodes = len(self.conditions)
        check_shape("children_left", self.children_left, "nodes", nodes=nodes)
        check_shape("children_right", self.children_right, "nodes", nodes=nodes)
        sizes = {"nodes": nodes, "classes": len(self.classes)}
        check_shape("histograms", self.histograms, "nodes", "classes", **sizes)

    def is_leaf(self, node: int) -> bool:
        """Say whether a node has no test."""
        return int(self.children_left[node]) < 0


def tree_svg(picture: TreePicture) -> str:
    """Draw a tree from left to right: one column per depth, one row per leaf."""
    depth, row = _layout(picture)
    lines = _most_lines(picture)
    high = 12 + lines * _LINE_HIGH + _BARS_HIGH + 8
    shown = shown_classes(picture.histograms[0])
    width = max(_EDGE + (depth.max() + 1) * (_WIDE + _ACROSS), 640.0)
    names, base = legend((_EDGE, 50.0), width - _EDGE, shown, picture.classes)
    head = [label((_EDGE, 28), picture.title, size=16, bold=True), *names]
    x = _EDGE + depth * (_WIDE + _ACROSS)
    y = base + 22 + row * (high + _DOWN)
    drawing = _Drawing(picture, x, y, high, shown)
    inner = [node for node in range(len(x)) if not picture.is_leaf(node)]
    # Edges first, so that boxes lie on top; the bold ones last among them.
    edges = sorted((edge for node in inner for edge in drawing.edges(node)), key=lambda e: e[0])
    parts = [*head, *(text for _, text in edges)]
    parts += [text for node in range(len(x)) for text in drawing.node(node)]
    return document(width, float(y.max()) + high + _EDGE, picture.title, parts)


def _layout(picture: TreePicture) -> tuple[IntArray, AnyArray]:
    nodes = len(picture.conditions)
    depth, row = np.zeros(nodes, dtype=np.int64), np.zeros(nodes)
    order, leaves, waiting = list[int](), 0, [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if picture.is_leaf(node):
            row[node], leaves = leaves, leaves + 1
            continue
        left, right = int(picture.children_left[node]), int(picture.children_right[node])
        depth[[left, right]] = depth[node] + 1
        waiting += [right, left]
    for node in reversed(order):
        if not picture.is_leaf(node):
            children = [picture.children_left[node], picture.children_right[node]]
            row[node] = row[children].mean()
    return depth, row


def _most_lines(picture: TreePicture) -> int:
    inner = [text for node, text in enumerate(picture.conditions) if not picture.is_leaf(node)]
    return max([2, *(len(wrapped(text, _CHARACTERS, _LINES)) for text in inner)])


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Drawing:
    """A picture whose nodes have their places."""

    picture: TreePicture
    x: AnyArray
    y: AnyArray
    high: float
    shown: IntArray

    def node(self, node: int) -> list[str]:
        """Draw one box with its words, bars and count."""
        histogram = self.picture.histograms[node]
        at, taken = (float(self.x[node]), float(self.y[node])), self._taken(node)
        leaf = self.picture.is_leaf(node)
        words = self._leaf_words(node) if leaf else self._test_words(node)
        fill = "#f4f6f9" if leaf else "#ffffff"
        rim, thick = (TAKEN, 3) if taken else (LINE, 1)
        parts = [box(at, (_WIDE, self.high), fill=fill, stroke=rim, thickness=thick)]
        if leaf:
            named = colour_of(int(histogram.argmax()))
            parts.append(box(at, (7, self.high), fill=named, stroke="none", corner=3))
        for line, text in enumerate(words):
            where = (at[0] + 14, at[1] + 19 + line * _LINE_HIGH)
            parts.append(label(where, text, bold=line == 0 if leaf else taken))
        foot = at[1] + self.high - _BARS_HIGH - 7
        size = (_WIDE - 86, _BARS_HIGH)
        parts += bars((at[0] + 14, foot), size, histogram, self.shown, self.picture.classes)
        count = (at[0] + _WIDE - 8, foot + _BARS_HIGH)
        count_words = f"{int(histogram.sum()):,}".replace(",", "\u2009")
        parts.append(label(count, count_words, size=11, colour=MUTED, anchor="end"))
        full = "" if leaf else f"<title>{escaped(self.picture.conditions[node])}</title>"
        return ["<g>", full, *parts, "</g>"]

    def edges(self, node: int) -> list[tuple[bool, str]]:
        """Draw the ways from a node to its children; the bold one is marked True."""
        children = (self.picture.children_left[node], self.picture.children_right[node])
        start = (float(self.x[node]) + _WIDE, float(self.y[node]) + self.high / 2)
        found = []
        for child, words in zip(children, self.picture.branches, strict=True):
            end = (float(self.x[child]), float(self.y[child]) + self.high / 2)
            bold = self._taken(node) and self._taken(int(child))
            ink, thick = (TAKEN, 4) if bold else (LINE, 1.5)
            middle = (start[0] + end[0]) / 2
            way = (
                f"M{start[0]:.1f},{start[1]:.1f} C{middle:.1f},{start[1]:.1f} "
                f"{middle:.1f},{end[1]:.1f} {end[0]:.1f},{end[1]:.1f}"
            )
            curve = stroke(way, colour=ink, thickness=thick)
            colour = INK if bold else MUTED
            beside = (end[0] - 6, end[1] + (-7 if end[1] < start[1] else 15))
            text = label(beside, words, bold=bold, colour=colour, anchor="end")
            found.append((bold, curve + text))
        return found

    def _taken(self, node: int) -> bool:
        return node in self.picture.highlighted

    def _test_words(self, node: int) -> list[str]:
        return wrapped(self.picture.conditions[node], _CHARACTERS, _LINES)

    def _leaf_words(self, node: int) -> list[str]:
        histogram = self.picture.histograms[node]
        total = max(float(histogram.sum()), 1.0)
        name = self.picture.classes[int(histogram.argmax())]
        share = f"{100 * float(histogram.max()) / total:.1f} % of its training images"
        return [wrapped(name, _CHARACTERS - 3, 1)[0], share]
