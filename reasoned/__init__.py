"""Image classifiers that give their reasons."""

from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply

__all__ = ["ExplainedModel", "Reply", "ReplyOptions"]
