"""A reply, a batch and a problem as they look; tests hold them against the models."""

from typing import Any, Final

_SNEAKER: Final = {"label": "Sneaker", "index": 7}
_RELIABILITY: Final = {
    "agreed": 412,
    "of": 414,
    "estimate": 0.9952,
    "lower": 0.9849,
    "cnn_right": 405,
    "calibration": "held_out",
}
_STATEMENT: Final = {
    "estimate": 0.996861,
    "lower": 0.992144,
    "agreed": 4602,
    "of": 4616,
    "cnn_right": 4397,
    "group": "supported meta_forest",
    "company": None,
    "calibration": "held_out",
}
_SENTENCE: Final = (
    "Named Sneaker because its activations are closer to a Sneaker cluster than to a "
    "Sandal cluster, by 1.3."
)
_STEP: Final = {
    "feature": "margin between Sneaker-2 and Sandal-1",
    "value": 1.3,
    "test": ">",
    "threshold": 0.4,
    "outcome": True,
    "text": "closer to cluster Sneaker-2 than to cluster Sandal-1, by 1.3 > 0.4",
    "clusters": ["Sneaker-2", "Sandal-1"],
}
_CLUSTER: Final = {
    "size": 611,
    "classes": {"Sneaker": 598, "Sandal": 13},
    "medoids": ["train-40291"],
    "units": [17, 52, 101],
}
_CHANGE: Final = {
    "leaf": "leaf-12",
    "names": {"label": "Sandal", "index": 5},
    "distance": 0.9,
    "unmet": [
        {
            "feature": "margin between Sneaker-2 and Sandal-1",
            "value": 1.3,
            "test": "<=",
            "threshold": 0.4,
            "outcome": False,
            "by": 0.9,
            "text": "closer to cluster Sneaker-2 than to cluster Sandal-1, by at most 0.4",
        }
    ],
}
_EVIDENCE: Final = {
    "method": "meta_forest",
    "region": "leaf-31",
    "names": _SNEAKER,
    "agrees": True,
    "reliability": _RELIABILITY,
    "sentence": _SENTENCE,
    "form": "path",
    "body": {
        "steps": [_STEP],
        "vote": 0.93,
        "clusters": {"Sneaker-2": _CLUSTER},
        "change": _CHANGE,
    },
}
_POLYTOPE: Final = {
    "method": "representative",
    "region": "polytope-7",
    "names": _SNEAKER,
    "agrees": True,
    "reliability": _RELIABILITY,
    "sentence": (
        "Named Sneaker because the image lies inside polytope-7, whose 3,104 training images "
        "the network all calls Sneaker."
    ),
    "form": "region",
    "body": {
        "inside": ["polytope-7"],
        "facets": [
            {"against": {"label": "Sandal", "index": 5}, "margin": 1.9},
            {"against": {"label": "Ankle boot", "index": 9}, "margin": 4.2},
        ],
        "closest": {
            "against": {"label": "Sandal", "index": 5},
            "margin": 1.9,
            "distance": 0.8,
            "relative": 0.32,
            "example": "train-118",
        },
        "references": 3104,
        "others": 0,
        "similar": [{"id": "train-40291", "distance": 2.7}],
        "heat_map": None,
    },
    "picture": "/v1/regions/representative/polytope-7.png",
}

_SUM: Final = {
    "method": "attributes",
    "region": "pair-c7-a11",
    "names": _SNEAKER,
    "agrees": True,
    "reliability": _RELIABILITY,
    "sentence": (
        "A second opinion that was trained afterwards, on the fixed network's inner layers, also "
        "reads the image, and names Sneaker mainly by attribute 11 (relevance 1.00); 1 of 25 "
        "attributes has more than 0.20."
    ),
    "form": "parts",
    "body": {
        "score": "logit of Sneaker in g",
        "parts": [
            {
                "name": "attribute 11",
                "value": 4.0,
                "weight": 2.5,
                "contribution": 10.0,
                "relevance": 1.0,
            },
            {
                "name": "attribute 3",
                "value": 2.0,
                "weight": -0.5,
                "contribution": -1.0,
                "relevance": -0.1,
            },
        ],
        "bias": 0.25,
        "rest": 0.75,
        "total": 10.0,
        "threshold": 0.2,
        "by_design": False,
    },
    "picture": "/v1/regions/attributes/pair-c7-a11.png",
}

REPLY_EXAMPLE: Final[dict[str, Any]] = {
    "id": "6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506",
    "model": {"name": "fashion", "version": "1", "sha256": "0123456789abcdef" * 4},
    "prediction": {
        **_SNEAKER,
        "probability": 0.98,
        "top": [
            {**_SNEAKER, "probability": 0.98},
            {"label": "Sandal", "index": 5, "probability": 0.02},
        ],
    },
    "explanation": {
        "status": "supported",
        "carrier": "meta_forest",
        "names": _SNEAKER,
        "agrees": True,
        "sentence": _SENTENCE,
        "reliability": _STATEMENT,
        "disagreements": [],
        "evidence": [_EVIDENCE, _POLYTOPE, _SUM],
        "skipped": [],
    },
    "examples": [
        {
            "id": "train-40291",
            "label": "Sneaker",
            "predicted": "Sneaker",
            "distance": 0.41,
            "stands_for": 37,
            "cluster": "Sneaker-2",
            "image": "/v1/examples/train-40291.png",
        }
    ],
    "contrast": {
        "id": "train-118",
        "label": "Sandal",
        "predicted": "Sandal",
        "distance": 1.9,
        "image": "/v1/examples/train-118.png",
    },
    "exact": True,
}
PROBLEM_EXAMPLE: Final[dict[str, Any]] = {
    "type": "urn:reasoned:problem:unsupported-image",
    "title": "Unsupported Media Type",
    "status": 415,
    "detail": "image must be PNG, JPEG or WEBP, not bytes that begin with 47 49 46 38",
    "request_id": "6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506",
    "error": "image must be PNG, JPEG or WEBP, not bytes that begin with 47 49 46 38",
    "instance": "/v1/predict",
}
BATCH_EXAMPLE: Final[dict[str, Any]] = {
    "id": "6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506",
    "results": [
        {"index": 0, "reply": REPLY_EXAMPLE, "problem": None},
        {"index": 1, "reply": None, "problem": PROBLEM_EXAMPLE},
    ],
}
