"""Writing SVG: shapes, lettering and small signs. Everything is built as a tree, so that all text is escaped."""

from collections.abc import Callable, Mapping
from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2000/svg"
FONTS = "'Noto Sans', 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
INK, SOFT_INK, RULE, PAPER = "#16243a", "#43536a", "#5d6b7a", "#ffffff"


def number(value: float) -> str:
    """A coordinate with one decimal at most, written the same everywhere."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


class Canvas:
    """A drawing, or a part of one that is moved as a whole."""

    def __init__(self, element: ElementTree.Element) -> None:
        self.element = element

    def group(self, x: float = 0, y: float = 0, told: str = "", **attributes: str) -> "Canvas":
        """A part of the drawing at a place of its own; `told` is what a pointer that rests on it is told."""
        moved = {"transform": f"translate({number(x)} {number(y)})"} if x or y else {}
        inner = Canvas(ElementTree.SubElement(self.element, "g", {**moved, **_named(attributes)}))
        if told:
            ElementTree.SubElement(inner.element, "title").text = told
        return inner

    def box(self, x: float, y: float, width: float, height: float, **attributes: str) -> None:
        """A rectangle."""
        place = {"x": number(x), "y": number(y), "width": number(width), "height": number(height)}
        ElementTree.SubElement(self.element, "rect", {**place, **_named(attributes)})

    def path(self, way: str, **attributes: str) -> None:
        """A line along a way; not filled unless told."""
        ElementTree.SubElement(self.element, "path", {"d": way, "fill": "none", **_named(attributes)})

    def dot(self, x: float, y: float, radius: float, **attributes: str) -> None:
        """A circle."""
        place = {"cx": number(x), "cy": number(y), "r": number(radius)}
        ElementTree.SubElement(self.element, "circle", {**place, **_named(attributes)})

    def text(self, x: float, y: float, words: str, size: float, **attributes: str) -> None:
        """One line of text; `y` is the line that it stands on."""
        place = {"x": number(x), "y": number(y), "font-size": number(size)}
        ElementTree.SubElement(self.element, "text", {**place, **_named(attributes)}).text = words


def _named(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}


def new_drawing(title: str, description: str, key: str) -> tuple[ElementTree.Element, Canvas]:
    """An empty drawing that screen readers announce by its title and description; `key` sets its ids apart."""
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
            "font-family": FONTS,
            "fill": INK,
        },
    )
    ElementTree.SubElement(root, "title", {"id": f"{key}-title"}).text = title
    ElementTree.SubElement(root, "desc", {"id": f"{key}-desc"}).text = description
    return root, Canvas(root)


def finished(root: ElementTree.Element, width: float, height: float) -> str:
    """The drawing as text, with its size."""
    root.set("viewBox", f"0 0 {number(width)} {number(height)}")
    root.set("width", number(width))
    root.set("height", number(height))
    return ElementTree.tostring(root, encoding="unicode")


Sign = Callable[[Canvas, float, float, str], None]
"""Paints a small sign around a place, in a colour."""


def clock_sign(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A small clock, 12 units wide: goes by itself. `x`, `y` is its middle."""
    canvas.dot(x, y, 5.2, fill=PAPER, stroke=colour, stroke_width="1.4")
    canvas.path(
        f"M{number(x)} {number(y - 3)}V{number(y)}L{number(x + 2.4)} {number(y + 1.4)}",
        stroke=colour,
        stroke_width="1.3",
    )


def seal_sign(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A small seal with its ribbons: a decision, which needs a mandate."""
    ribbons = f"M{number(x - 3)} {number(y + 1)}L{number(x - 4)} {number(y + 6.5)}L{number(x)} {number(y + 4.5)}"
    ribbons += f"L{number(x + 4)} {number(y + 6.5)}L{number(x + 3)} {number(y + 1)}Z"
    canvas.path(ribbons, fill=colour)
    canvas.dot(x, y - 1.5, 4.6, fill=PAPER, stroke=colour, stroke_width="1.5")
    canvas.dot(x, y - 1.5, 1.8, fill=colour)


def back_sign(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A small arrow that turns round: back to where it came from."""
    way = f"M{number(x - 5)} {number(y - 1.5)}H{number(x + 1.5)}a3.4 3.4 0 0 1 0 6.8H{number(x - 2)}"
    canvas.path(way, stroke=colour, stroke_width="1.6")
    tip = f"M{number(x - 1.8)} {number(y - 5)}L{number(x - 5.6)} {number(y - 1.5)}L{number(x - 1.8)} {number(y + 2)}"
    canvas.path(tip, stroke=colour, stroke_width="1.6")


def stay_sign(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A small arrow that ends where it began: stays here."""
    canvas.path(f"M{number(x + 2.6)} {number(y - 3.4)}a4.4 4.4 0 1 0 1.8 3.4", stroke=colour, stroke_width="1.5")
    canvas.path(
        f"M{number(x - 0.6)} {number(y - 5.6)}L{number(x + 3.4)} {number(y - 3.6)}L{number(x + 0.4)} {number(y - 0.6)}",
        stroke=colour,
        stroke_width="1.5",
    )


def disc_sign(way: str) -> Sign:
    """A small disc with a line on it; `way` is drawn around its middle."""

    def paint(canvas: Canvas, x: float, y: float, colour: str) -> None:
        inner = canvas.group(x, y)
        inner.dot(0, 0, 6, fill=colour)
        inner.path(way, stroke=PAPER, stroke_width="1.7")

    return paint


SIGNS: Mapping[str, Sign] = {
    "clock": clock_sign,
    "seal": seal_sign,
    "back": back_sign,
    "stay": stay_sign,
    "plus": disc_sign("M-3.4 0H3.4M0-3.4V3.4"),
    "minus": disc_sign("M-3.4 0H3.4"),
    "wave": disc_sign("M-3.6 0.8C-2.4-2.2-1-1.2 0 0S2.4 2.2 3.6-0.8"),
    "next": disc_sign("M-1.6-3.2L2.2 0L-1.6 3.2"),
}
"""The small signs, by name, each 12 units wide."""
