"""Pieces that the sections of the report's page are made of."""

import base64
import dataclasses
import html
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Final, final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.assessment.page_numbers import NOTHING

_SMALLEST: Final = 84  # smaller images are enlarged, so that a phone shows squares, not a blur
_CODE: Final = re.compile(r"`([^`]+)`")
_JPEG_QUALITY: Final = 82


@final
@dataclasses.dataclass(frozen=True)
class PageSection:
    """One section of the page.

    Attributes
    ----------
    anchor
        What links to it.
    heading
        The question that it answers.
    about
        What is shown, how to read it, and what would be bad; plain text.
    parts
        Everything else, as HTML.

    """

    anchor: str
    heading: str
    about: str
    parts: tuple[str, ...]

    def markup(self) -> str:
        """Write the section as HTML."""
        return "\n".join(
            (
                f"<section id='{self.anchor}'><h2>{html.escape(self.heading)}</h2>",
                paragraph(self.about),
                *self.parts,
                "</section>",
            )
        )


def paragraph(text: str, kind: str = "") -> str:
    """Write plain text as a paragraph."""
    opening = f"<p class='{kind}'>" if kind else "<p>"
    return f"{opening}{prose(text)}</p>"


def prose(text: str) -> str:
    """Escape plain text; what stands between backticks is set as code, as in a terminal."""
    whole = html.escape(text).replace(" %", "\u00a0%")  # else a line may begin with the sign
    return _CODE.sub(r"<code>\1</code>", whole)


def subheading(text: str) -> str:
    """Write a heading within a section."""
    return f"<h3>{html.escape(text)}</h3>"


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """Write a table; figures to the right, words to the left, and it scrolls where it is wide.

    Parameters
    ----------
    head
        The columns' names.
    rows
        Each of as many plain words.
    caption
        What stands above it.

    """
    numeric = [bool(rows) and all(_is_figure(row[i]) for row in rows) for i in range(len(head))]
    named = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    lines = ["<div class='wide' tabindex='0'><table>", named, "<thead><tr>"]
    lines += [
        f"<th scope='col'{_kind(number)}>{html.escape(text)}</th>"
        for text, number in zip(head, numeric, strict=True)
    ]
    lines.append("</tr></thead><tbody>")
    lines += [
        "<tr>"
        + "".join(
            f"<td{_kind(number)}>{prose(text)}</td>"
            for text, number in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in rows
    ]
    return "".join((*lines, "</tbody></table></div>"))


def _kind(number: bool) -> str:  # noqa: FBT001  one of two, named where it is called
    return " class='number'" if number else ""


def _is_figure(text: str) -> bool:
    return text == NOTHING or text.lstrip("-+<>")[:1].isdigit()


def listed(lines: Sequence[str], kind: str) -> str:
    """Write plain lines as a list."""
    items = "".join(f"<li>{prose(line)}</li>" for line in lines)
    return f"<ul class='{kind}'>{items}</ul>"


def folded(summary: str, *parts: str, opened: bool = False) -> str:
    """Put parts behind a line that opens them; it needs no script."""
    opening = "<details open>" if opened else "<details>"
    return f"{opening}<summary>{html.escape(summary)}</summary>{''.join(parts)}</details>"


def plot(svg: str, words: str, *, large: bool = False) -> str:
    """Put a drawing into the page; `words` are for those who cannot see it.

    Parameters
    ----------
    svg
        The drawing.
    words
        What it shows.
    large
        Whether a small screen is to scroll it rather than to make it unreadable.

    """
    kind = "plot large" if large else "plot"
    return (
        f"<div class='{kind}' role='img' aria-label='{html.escape(words, quote=True)}'>{svg}</div>"
    )


def picture(data: bytes, words: str, kind: str = "png") -> str:
    """Put an encoded picture into the page; `words` are for those who cannot see it."""
    encoded = base64.b64encode(data).decode("ascii")
    alt = html.escape(words, quote=True)
    return f"<img alt='{alt}' src='data:image/{kind};base64,{encoded}'>"


def figure(shown: str, *lines: str) -> str:
    """Put a picture above a few lines of plain text."""
    text = "<br>".join(html.escape(line) for line in lines if line)
    return f"<figure>{shown}<figcaption>{text}</figcaption></figure>"


def image_picture(image: ByteArray, words: str) -> str:
    """Show an image (rows, columns, channels); a small one enlarged, its pixels squares."""
    return picture(image_png(image), words)


def image_png(image: ByteArray) -> bytes:
    """Encode an image (rows, columns, channels) with its longer side at most 84 pixels."""
    shown = Image.fromarray(np.ascontiguousarray(image[:, :, 0] if image.shape[2] == 1 else image))
    scale = _SMALLEST / max(shown.size)
    size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
    way = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS
    encoded = BytesIO()
    shown.resize(size, way).save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def gallery_jpeg(png: bytes, most: int = 720) -> bytes:
    """Encode a large PNG as a JPEG of at most `most` columns, a fifth of its bytes."""
    with Image.open(BytesIO(png)) as opened:
        shown = opened.convert("RGB")
    if shown.width > most:
        size = (most, max(1, round(shown.height * most / shown.width)))
        shown = shown.resize(size, Image.Resampling.LANCZOS)
    encoded = BytesIO()
    shown.save(encoded, "JPEG", quality=_JPEG_QUALITY)
    return encoded.getvalue()
