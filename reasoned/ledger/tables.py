"""The tables of the ledger, as SQLAlchemy Core; `migrations` builds them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    or_,
)

from reasoned.ledger.citing import SHIFT

METADATA: Final = MetaData()
# SQLite counts up by itself in a column of this very type only, and keeps no index beside it.
_COUNTED: Final = BigInteger().with_variant(Integer, "sqlite")

# `seq` is given out by `tally` under a lock that is held until the commit, so it rises in the
# order of commits, on PostgreSQL too: whoever reads on finds every row.
DECISION: Final = Table(
    "decision",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("tenant", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("client_id", Text),
    Column("trace_id", Text),
    Column("model", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("disclosure", Text, nullable=False),
    Column("predicted", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("status", Text),
    Column("carrier", Text),
    Column("agrees", Boolean),
    Column("first", Text),
    Column("outside", Boolean),
    Column("disagreeing", Boolean, nullable=False),
    Column("nearest", Double),
    Column("image_sha256", Text, nullable=False),
    Column("decode_us", Integer, nullable=False),
    Column("infer_us", Integer, nullable=False),
    Column("neighbours_us", Integer, nullable=False),
    Column("explain_us", Integer, nullable=False),
    # The numbers of what was cited, as a JSON list: what `citation` holds the other way round.
    Column("cited", Text, nullable=False),
    Column("sampled", Boolean, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of the row, its reply and what is kept
)

# A name for every (kind, key), so that a new method needs no migration.
CITED: Final = Table(
    "cited",
    METADATA,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("kind", "key"),
)

# Who cited what, the other way round. A block holds the citations of 1,024 decisions, and is
# what makes writing cheap: without it every citation would change a page of its own, which
# doubles the cost of a decision. Look in blocks by `citing.windows`, the newest first.
CITATION: Final = Table(
    "citation",
    METADATA,
    Column("block", BigInteger, primary_key=True, autoincrement=False),  # seq >> 10
    Column("cited", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# One row: what is held, kept up by whoever writes or deletes decisions, in one transaction.
TALLY: Final = Table(
    "tally",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),  # the last that was given out
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

REPLY: Final = Table(
    "reply",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

KEPT: Final = Table(
    "kept",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, index=True),  # the decision's
    Column("seq", BigInteger, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("label", Text),
    Column("wrong", Boolean),  # whether the label is another than the network's
    Column("useful", Boolean),
    Column("note", Text),
    sqlite_autoincrement=True,  # a number that retention freed must not come again
)

# One row for each model: where its detectors stand, and who may move them.
MONITOR: Final = Table(
    "monitor",
    METADATA,
    Column("model", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the last decision that was counted
    Column("feedback", BigInteger, nullable=False),  # the last feedback that was counted
    Column("counted", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("updated", Double, nullable=False),
    Column("owner", Text),
    Column("until", Double, nullable=False),
)

ALARM: Final = Table(
    "alarm",
    METADATA,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("model", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("evidence", Double, nullable=False),  # decimal logarithm
    Column("threshold", Double, nullable=False),  # decimal logarithm
    Column("counted", BigInteger, nullable=False),  # requests since the detector was reset
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("contributors", Text, nullable=False),  # JSON
    Column("acknowledged", Double),
    Index("alarm_model", "model", "number"),
)

OPT_OUT: Final = Table(
    "opt_out",
    METADATA,
    Column("example", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
)

# Who changed what by hand: opt-outs, acknowledged alarms, retention.
ACTION: Final = Table(
    "action",
    METADATA,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

Index("decision_at", DECISION.c.at)
# One tenant's newest are found among a million rows of the others'.
Index("decision_tenant", DECISION.c.tenant, DECISION.c.at)
# Digests are in no order: blocks keep those of new rows together, as in `citation`. SQLite finds
# the index only for this very expression.
BLOCK: Final = DECISION.c.seq.bitwise_rshift(literal_column(str(SHIFT)))
Index("decision_image", BLOCK, DECISION.c.image_sha256)
Index(
    "decision_client",
    DECISION.c.client_id,
    DECISION.c.tenant,
    DECISION.c.seq,
    sqlite_where=DECISION.c.client_id.is_not(None),
    postgresql_where=DECISION.c.client_id.is_not(None),
)
# What is looked for most is rare: without this, a search for it reads every row.
_UNSURE: Final = or_(
    DECISION.c.status == literal_column("'weak'"),
    DECISION.c.status == literal_column("'out_of_support'"),
    DECISION.c.agrees == false(),
)
Index(
    "decision_unsure",
    DECISION.c.tenant,
    DECISION.c.at,
    sqlite_where=_UNSURE,
    postgresql_where=_UNSURE,
)
