"""What every error answer must look like."""

import re

from httpx2 import Response

from reasoned.reply.schema import Problem


def check_problem(response: Response, status: int) -> Problem:
    """Assert that an answer is a problem of this status, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.content)
    assert problem.status == status
    assert re.fullmatch("[0-9a-f]{32}", problem.request_id)
    assert response.headers["x-request-id"]
    assert problem.detail
    assert response.json()["error"] == problem.detail
    assert problem.instance is not None
    assert "Traceback" not in response.text
    return problem
