"""What every page begins with: it draws itself, and neither runs nor fetches anything."""

import html
from pathlib import Path
from typing import Final

STYLE: Final = Path(__file__).with_name("page.css").read_text("utf-8")
# Bars have their lengths in style attributes, hence 'unsafe-inline'; there is no script at all.
POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


def framed(title: str, body: str) -> str:
    """Make a whole page of a title, which is escaped here, and a body, which must be."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        "<meta name=color-scheme content='light dark'>"
        f"<title>{html.escape(title)}</title><style>{STYLE}</style>{body}\n"
    )
