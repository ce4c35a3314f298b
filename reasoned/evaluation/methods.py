"""The methods that can be evaluated, by name."""

from reasoned.evaluation.attributes import evaluate_attributes
from reasoned.evaluation.evaluation import Evaluator
from reasoned.evaluation.representative import evaluate_representative

EVALUATORS: dict[str, Evaluator] = {
    "representative": evaluate_representative,
    "attributes": evaluate_attributes,
}
# How many images are judged one by one, where nobody says.
IMAGES: dict[str, int] = {"representative": 100, "attributes": 200}
