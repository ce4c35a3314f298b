"""The picture of what a region means, on a page."""

import html

from reasoned.pages.page_pictures import picture
from reasoned.pages.pictured import Pictured
from reasoned.reply.schema import PartsEvidence, RegionEvidence, RegressionEvidence


def region_gallery(
    model: Pictured,
    evidence: RegionEvidence | PartsEvidence | RegressionEvidence,
    title: str,
    words: str,
) -> str:
    """Show the picture of the evidence's region, where there is one.

    Parameters
    ----------
    model
        Whose picture it is.
    evidence
        Whose region it is.
    title, words
        What stands above the picture.

    """
    if evidence.picture is None or evidence.region is None:
        return ""
    png = model.region_png(evidence.method, evidence.region)
    if png is None:
        return ""
    return (
        f"<h2>{html.escape(title)}</h2><p class=soft>{html.escape(words)}</p>"
        f"<div class=gallery>{picture(png, f'training images of {evidence.region}')}</div>"
    )
