"""Small pieces of SVG text, escaped and in a fixed number format."""

import html
import textwrap

INK, MUTED, LINE, TAKEN = "#1f2430", "#667085", "#b6bec9", "#111827"
PALETTE = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccbb44",
    "#66ccee",
    "#aa3377",
    "#e08214",
    "#5e4fa2",
    "#8c6d31",
    "#7f7f7f",
)
_FONT = "font-family:'DejaVu Sans',Verdana,Arial,sans-serif"


def document(width: float, height: float, title: str, parts: list[str]) -> str:
    """Wrap pieces into a whole picture with a white ground and a title for readers aloud."""
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" style="{_FONT}">'
    ground = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{escaped(title)}</title>", ground, *parts, "</svg>\n"])


def escaped(text: str) -> str:
    """Make text safe between tags and in quotes; characters that XML forbids become U+FFFD."""
    legal = "".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text)
    surrogates_gone = legal.encode("utf-8", "replace").decode("utf-8")
    return html.escape(surrogates_gone.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))


def label(
    at: tuple[float, float],
    text: str,
    *,
    size: float = 12,
    colour: str = INK,
    bold: bool = False,
    anchor: str = "start",
) -> str:
    """Write one line of text; `at` is where its base line begins (or ends, or is centred)."""
    weight = ' font-weight="700"' if bold else ""
    where = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
    return f'<text {where} fill="{colour}"{weight}>{escaped(text)}</text>'


def box(
    at: tuple[float, float],
    size: tuple[float, float],
    *,
    fill: str = "#ffffff",
    stroke: str = LINE,
    thickness: float = 1,
    corner: float = 6,
) -> str:
    """Draw a rectangle with rounded corners."""
    where = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
    return (
        f'<rect {where} rx="{corner:g}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{thickness:g}"/>'
    )


def stroke(way: str, *, colour: str = LINE, thickness: float = 1, dashes: str = "") -> str:
    """Draw a line; `way` is SVG path data."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{thickness:g}"{dashed}/>'


def picture(at: tuple[float, float], size: float, uri: str, title: str) -> str:
    """Place an image, its pixels kept square and sharp."""
    where = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size:.1f}" height="{size:.1f}"'
    return (
        f'<image {where} href="{escaped(uri)}" style="image-rendering:pixelated">'
        f"<title>{escaped(title)}</title></image>"
    )


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """Break text into at most so many lines of so many characters."""
    return textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or [""]


def colour_of(class_index: int) -> str:
    """Give the colour that stands for a class."""
    return PALETTE[class_index % len(PALETTE)]
