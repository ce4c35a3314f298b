import sys

import pytest

from deploy.trial.commands import run
from deploy.trial.errors import TrialError

SAYS_BOTH = "import sys; print('out'); print('err', file=sys.stderr)"


def test_what_a_program_says_is_given() -> None:
    assert run([sys.executable, "-c", SAYS_BOTH]) == "out\n"
    assert run([sys.executable, "-c", SAYS_BOTH], errors=True) == "out\nerr\n"


def test_a_failing_program_s_words_are_kept() -> None:
    with pytest.raises(TrialError, match=r"ended with 3: out\nerr"):
        run([sys.executable, "-c", f"{SAYS_BOTH}; sys.exit(3)"])


def test_a_missing_program_is_named() -> None:
    with pytest.raises(TrialError, match="no-such-engine is not installed"):
        run(["no-such-engine", "info"])
