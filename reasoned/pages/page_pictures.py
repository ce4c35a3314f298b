"""Pictures inside a page, which then needs nothing else."""

import base64
import html

from reasoned.pages.pictured import Pictured


def picture(png: bytes, words: str) -> str:
    """Put a PNG into the page; `words` are for those who cannot see it."""
    data = base64.b64encode(png).decode("ascii")
    return f"<img alt='{html.escape(words, quote=True)}' src='data:image/png;base64,{data}'>"


def card(model: Pictured, identity: str, *lines: str) -> str:
    """Show a training image's thumbnail above a few lines."""
    data = model.example_png(identity)
    shown = "" if data is None else picture(data, lines[0])
    text = "<br>".join(html.escape(line) for line in lines if line)
    return f"<div class=card>{shown}<br>{text}</div>"
