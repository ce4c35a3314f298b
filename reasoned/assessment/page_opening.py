"""The top of the report: what it is, what it found, where it is, and what the words mean."""

import html
from collections.abc import Sequence
from typing import Final

from reasoned.assessment.figures import AssessmentFigures, Sentence
from reasoned.assessment.page_blocks import PageSection, paragraph, prose
from reasoned.assessment.page_numbers import images
from reasoned.assessment.sentences import brought_words

_MARKS: Final = {
    True: ("yes", "✓ holds"),
    False: ("no", "✗ does not hold"),
    None: ("unknown", "? not measured"),
}
_WORDS: Final = {
    "Network": (
        "The image classifier under test. It gives every image one class, which may be wrong."
    ),
    "Explanation": (
        "What a second, simpler method says about the same image. There are several methods; each "
        "names a class of its own and shows why."
    ),
    "First choice": (
        "The explanation that a reply puts first. All figures are about it unless another method "
        "is named."
    ),
    "Fidelity": (
        "How often the explanation names the same class as the network. An explanation that names "
        "another class cannot be the network's reason. It is not accuracy: that is how often the "
        "network itself is right."
    ),
    "Status": (
        "What a reply says of the kind of image. Supported: on images like this one the "
        "explanation may be relied on. Weak: treat it as a hint. Out of support: the image is "
        "unlike those that the model was made with; trust neither class nor explanation."
    ),
    "Estimate and bound": (
        "With its explanation a reply gives a number, the estimate: how often such explanations "
        "name the network's class. The bound is a lower number that the true share should not "
        "fall below, with 95 % confidence."
    ),
    "Region": (
        "A set of images that a method explains in the same way, such as all that end in one leaf "
        "of a decision tree."
    ),
}


def opening(figures: AssessmentFigures, sections: Sequence[PageSection]) -> list[str]:
    """Write everything that stands above the first section."""
    return [
        f"<h1>Can the explanations of {html.escape(figures.model)} be trusted?</h1>",
        paragraph(_what(figures)),
        "<h2 id='summary'>Summary</h2>",
        *_summary(figures.summary),
        *(paragraph(f"Left out: {why}", "soft") for why in figures.left_out),
        _contents(sections),
        "<h2 id='words'>The words used here</h2>",
        "<dl>",
        *(
            f"<dt>{html.escape(word)}</dt><dd>{html.escape(meaning)}</dd>"
            for word, meaning in _WORDS.items()
        ),
        "</dl>",
    ]


def _what(figures: AssessmentFigures) -> str:
    return (
        "This model sorts images into classes by a neural network, and every reply also says why, "
        "and how far that explanation may be trusted. Here those statements are held against "
        f"{images(figures.reliability.images)} that played no part in making the model."
        f"{brought_words(figures)} Read it before the model is put to use: it shows where the "
        "explanations hold, where they do not, and what it looks like when they fail."
    )


def _summary(sentences: Sequence[Sentence]) -> list[str]:
    if not sentences:
        return [paragraph("No requirement was checked.")]
    return [
        "<ul class='checks'>",
        *(_check(sentence) for sentence in sentences),
        "</ul>",
    ]


def _check(sentence: Sentence) -> str:
    kind, mark = _MARKS[sentence.holds]
    return f"<li><span class='mark {kind}'>{mark}</span><span>{prose(sentence.text)}</span></li>"


def _contents(sections: Sequence[PageSection]) -> str:
    links = "".join(
        f"<li><a href='#{one.anchor}'>{html.escape(one.heading)}</a></li>" for one in sections
    )
    return f"<nav aria-label='Contents'><h2>Contents</h2><ol>{links}</ol></nav>"
