"""Judges from outside: how pictures of explanations score, ours and those of other methods."""

from reasoned.judges.figures import JudgeFigures
from reasoned.judges.judging import JudgeRequest, judge
from reasoned.judges.settings import JudgeSettings

__all__ = ["JudgeFigures", "JudgeRequest", "JudgeSettings", "judge"]
