"""The prose of a CNN-INTE study's page, for a reader who never heard of the method."""

import html
from collections.abc import Iterable

from reasoned.fitting.study_figures import StudyFigures

_TARGETS = {"network": "network's class", "truth": "true class"}
_INPUTS = {"pixels": "the pixels, as in the paper", "activations": "the clustered layer itself"}
_LEVELS = {
    "columns": """First its units, the single numbers it consists of, are put into a few groups
called <b>factors</b>. Then, for each factor, the training images are put into <b>clusters</b> of
images for which these units behave alike.""",
    "rows": """First the training images are put into coarse <b>clusters</b> by the whole layer,
then the images of each coarse cluster into fine ones. The two levels are called
<b>factors</b>.""",
    "maps": """First, for each of its feature maps, the training images are put into
<b>clusters</b> of images for which the map looks alike. Then all images are clustered once more, by
their distances to all those clusters. Each map, and the joint clustering, is called a
<b>factor</b>.""",
}

CARDS = """<p>Each card follows one image down the displayed tree. The bars show how the
training images at that point divide into classes. Beside each question stands what the cluster
means: its mean image, the training images nearest to its middle and, where the forests read
pixels, those by which the forest recognises it.</p>"""

CHOICE = """<p>On the validation images: among settings within one point of the best
network-route fidelity, the tree with the fewest leaves.</p>"""

RULES_HEAD = """<tr><th>If</th><th>then</th><th class='n'>training images</th>
<th class='n'>of that class</th><th class='n'>network says the same (test)</th></tr>"""


def opening(figures: StudyFigures) -> str:
    """Say what is done and by which two routes."""
    return f"""<p>A hidden layer of the network is summed up in two steps.
{_LEVELS[figures.reading]} An image is so described by one cluster name per factor, and a
<b>decision tree</b> learns to tell the {_TARGETS[figures.target]} from those names. Here: reading
<i>{html.escape(figures.reading)}</i>, sizes {figures.level_one} and {figures.level_two},
{figures.train_images:,} training and {figures.test_images:,} test images.</p>
<p>For a new image the cluster names can be found in two ways. The <b>network route</b> takes them
from the network's own activations: this is the one that speaks of the network. The <b>forest
route</b> lets random forests guess them from {_INPUTS[figures.base_input]}: it speaks of the
forests.</p>"""


def controls(majority: float) -> str:
    """Say how the controls are to be read."""
    return f"""<p>The controls say how to read these figures. Where a forest that never saw the
hidden layer does as well as the forest route, that route's score is no evidence about the network.
Where an untrained network scores nearly as high, the score is the clustering's own. A tree taught
shuffled classes must fall to chance; the commonest class has a share of {majority:.3f}.</p>"""


def tree_sizes(figures: StudyFigures) -> str:
    """Say how much of the tree is shown."""
    full, shown = figures.full_tree, figures.displayed_tree
    return f"""<p>Shown with {shown.leaves} leaves ({shown.mean_path_length:.1f} questions per
image on average); the full tree behind the figures above has {full.leaves}
({full.mean_path_length:.1f}).</p>"""


def stability(figures: StudyFigures) -> str:
    """Say what other seeds find."""
    found = figures.stability
    return f"""<p>With other seeds: fidelity {_listed(found.fidelities)}; adjusted Rand index of
the cluster ids against the first seed {_listed(found.id_agreement)}, of the units' factors
{_listed(found.partition_agreement)} (1 is the same grouping, 0 is chance).</p>
<p>The tree by the network route and the network disagree on {len(figures.disagreements)} test
images; their rows are in the JSON file.</p>"""


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.3f}" for value in values) or "not counted"
