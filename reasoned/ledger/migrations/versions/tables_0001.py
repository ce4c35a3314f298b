"""The first tables."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COUNTED: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK: Final = sa.column("seq", sa.BigInteger()).bitwise_rshift(sa.literal_column("10"))


def upgrade() -> None:
    """Make all tables of an empty ledger."""
    _decisions()
    _kept()
    _feedback()
    _watching()
    op.execute("INSERT INTO tally (number, seq, rows, bytes) VALUES (1, 0, 0, 0)")


def _decisions() -> None:
    """Make room for what was answered, and for what was cited."""
    op.create_table(
        "citation",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cited", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("block", "cited", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cited",
        sa.Column("number", _COUNTED, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("kind", "key"),
    )
    op.create_table(
        "decision",
        sa.Column("seq", _COUNTED, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=False),
        sa.Column("predicted", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("first", sa.Text(), nullable=True),
        sa.Column("outside", sa.Boolean(), nullable=True),
        sa.Column("disagreeing", sa.Boolean(), nullable=False),
        sa.Column("nearest", sa.Double(), nullable=True),
        sa.Column("image_sha256", sa.Text(), nullable=False),
        sa.Column("decode_us", sa.Integer(), nullable=False),
        sa.Column("infer_us", sa.Integer(), nullable=False),
        sa.Column("neighbours_us", sa.Integer(), nullable=False),
        sa.Column("explain_us", sa.Integer(), nullable=False),
        sa.Column("cited", sa.Text(), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("decision_at", "decision", ["at"], unique=False)
    op.create_index(
        "decision_client",
        "decision",
        ["client_id", "tenant", "seq"],
        unique=False,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index("decision_image", "decision", [_BLOCK, "image_sha256"], unique=False)
    op.create_index("decision_tenant", "decision", ["tenant", "at"], unique=False)
    op.create_index(
        "decision_unsure",
        "decision",
        ["tenant", "at"],
        unique=False,
        sqlite_where=sa.text("status = 'weak' OR status = 'out_of_support' OR agrees = 0"),
        postgresql_where=sa.text("status = 'weak' OR status = 'out_of_support' OR agrees = false"),
    )
    op.create_table(
        "tally",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _kept() -> None:
    """Make room for replies and images."""
    op.create_table(
        "kept",
        sa.Column("seq", _COUNTED, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "reply",
        sa.Column("seq", _COUNTED, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )


def _feedback() -> None:
    """Make room for what is said afterwards."""
    op.create_table(
        "feedback",
        sa.Column("number", _COUNTED, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("wrong", sa.Boolean(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_id", "feedback", ["id"], unique=False)


def _watching() -> None:
    """Make room for detectors, alarms, and what is changed by hand."""
    op.create_table(
        "action",
        sa.Column("number", _COUNTED, autoincrement=True, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "alarm",
        sa.Column("number", _COUNTED, autoincrement=True, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("evidence", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("contributors", sa.Text(), nullable=False),
        sa.Column("acknowledged", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("alarm_model", "alarm", ["model", "number"], unique=False)
    op.create_table(
        "monitor",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("feedback", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("model"),
    )
    op.create_table(
        "opt_out",
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("example"),
    )
