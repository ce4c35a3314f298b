"""The methods that can be evaluated, by name."""

from reasoned.evaluation.evaluation import Evaluator
from reasoned.evaluation.representative import evaluate_representative

EVALUATORS: dict[str, Evaluator] = {
    "representative": evaluate_representative,
}
