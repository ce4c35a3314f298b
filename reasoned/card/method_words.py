"""What each method is, and what it does not say, in words."""

from typing import Final

METHODS: Final = {
    "meta_forest": (
        (
            "A path through one small tree. It compares how near the image is, in the explained "
            "layer, to groups of training images of either class. A reconstruction of CNN-INTE "
            "(Liu, Wang and Matwin 2018)."
        ),
        (
            "It describes where the image lies among training images, not how the network "
            "computes. The smallest change of the trace is a change of these distances, not of "
            "the image."
        ),
    ),
    "representative": (
        (
            "A convex polytope cut out by the network's own decision boundaries, which holds many "
            "training images of one class (Representative Interpretations, Lam et al. 2021)."
        ),
        (
            "Images outside every stored polytope get none. Counts of training images inside are "
            "exact; that a new image inside has the same class is not guaranteed. Heat maps are "
            "coarse."
        ),
    ),
    "attributes": (
        (
            "A sum of learned attributes of hidden layers, trained to give the network's class "
            "(FLINT, Parekh et al. 2021)."
        ),
        (
            "Attributes have no names; pictures made by activation maximisation suggest a "
            "meaning and do not prove it. It may name another class than the network."
        ),
    ),
    "mixture": (
        (
            "A mixture of Bayesian regressions of the network's log-odds on the image "
            "(DMM-MEN, Guo et al. 2018)."
        ),
        (
            "It approximates the network from outside. The component is chosen from the image by a "
            "gate, and errors as served are larger than those of the fit."
        ),
    ),
    "additive": (
        "The terms of the network's last affine layer, whose sum is the logit.",
        "It agrees with the network by construction, so its agreement says nothing about trust.",
    ),
}
UNKNOWN: Final = ("A method that this release does not describe.", "See the figures below.")
