"""Pieces that every page of an evaluation is made of."""

import base64
import html
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from explainers.arrays import ByteArray
from reasoned.evaluation.evaluation import Section

STYLE = """
body{font:16px/1.55 'DejaVu Sans',Verdana,Arial,sans-serif;color:#1f2430;margin:0 auto;
max-width:1080px;padding:24px}
h1{font-size:27px;line-height:1.25}h2{font-size:20px;margin-top:44px}h3{font-size:16px}
table{border-collapse:collapse;font-size:14px}
th,td{border-bottom:1px solid #d8dde5;padding:5px 10px;text-align:right;vertical-align:top;
font-variant-numeric:tabular-nums}
th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
td.number{white-space:nowrap}
.wide{overflow-x:auto;width:fit-content;max-width:100%;
border:1px solid #d8dde5;border-radius:6px;margin:12px 0}
.note{background:#f4f6f9;border-left:4px solid #4477aa;padding:10px 16px}
.row{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:112px;font-size:12px}
figure img{display:block;width:112px;image-rendering:pixelated}
figure.first img{outline:3px solid #228833}svg{max-width:100%;height:auto}
"""
_SIDE = 112


def table(section: Section) -> list[str]:
    """Write a table under its heading and its note."""
    head, *rows = section.rows
    return [
        f"<h2>{html.escape(section.heading)}</h2><p>{html.escape(section.note)}</p>",
        "<div class='wide'><table>",
        _cells("th", head),
        *(_cells("td", row) for row in rows),
        "</table></div>",
    ]


def _cells(kind: str, row: Sequence[str]) -> str:
    return f"<tr>{''.join(_cell(kind, text) for text in row)}</tr>"


def _cell(kind: str, text: str) -> str:
    figure = " class='number'" if kind == "td" and text.lstrip("-")[:1].isdigit() else ""
    return f"<{kind}{figure}>{html.escape(text)}</{kind}>"


def png_url(picture: ByteArray) -> str:
    """Give an image (rows, columns, 3) as a data URL, its longer side 112 pixels."""
    rows, columns = picture.shape[:2]
    scale = _SIDE / max(rows, columns)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    encoded = BytesIO()
    Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC).save(encoded, "PNG")
    return "data:image/png;base64," + base64.b64encode(encoded.getvalue()).decode()
