"""The methods that can be evaluated, by name."""

from reasoned.evaluation.attributes import evaluate_attributes
from reasoned.evaluation.evaluation import Evaluator
from reasoned.evaluation.mixture import evaluate_mixture
from reasoned.evaluation.representative import evaluate_representative

EVALUATORS: dict[str, Evaluator] = {
    "representative": evaluate_representative,
    "attributes": evaluate_attributes,
    "mixture": evaluate_mixture,
}
# How many images are judged one by one, where nobody says.
IMAGES: dict[str, int] = {"representative": 100, "attributes": 200, "mixture": 50}
