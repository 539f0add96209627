"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("ref_id", KEY, nullable=False),
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("account_id", AutoString(), nullable=False),
        sa.Column("sponsor", AutoString(), nullable=False),
        sa.Column("supervisor", AutoString(), nullable=False),
        sa.Column("region", AutoString(), nullable=False),
        sa.Column("level", AutoString(), nullable=True),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("feed_url", AutoString(), nullable=False),
        sa.Column("last_published", sa.Date(), nullable=True),
        sa.Column("last_url", AutoString(), nullable=False),
        sa.Column("variety", AutoString(), nullable=False),
        sa.Column("operator", AutoString(), nullable=False),
        sa.Column("home_url", AutoString(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("filed", sa.Boolean(), nullable=True),
        sa.Column("filing_no", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("ref_id", name=op.f("pk_account")),
    )
    op.create_table(
        "account_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("step", AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_event_account"), ["account"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("period", KEY, nullable=False),
        sa.Column("check_id", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("facts_at", UTCDateTime(), nullable=True),
        sa.Column("answered", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("period", "check_id", "subject", name=op.f("pk_assessment")),
    )
    op.create_table(
        "content",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
    )
    op.create_table(
        "visit_day",
        sa.Column("subject", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("family", sa.Integer(), nullable=False),
        sa.Column("vantage", KEY, nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("mean_seconds", sa.Float(), nullable=True),
        sa.Column("worst_seconds", sa.Float(), nullable=True),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "day", "family", "vantage", name=op.f("pk_visit_day")),
    )
    op.create_table(
        "crawl",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("started", UTCDateTime(), nullable=False),
        sa.Column("finished", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_crawl")),
    )
    op.create_table(
        "draw_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", KEY, nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("frozen_at", UTCDateTime(), nullable=False),
        sa.Column("frozen_by", AutoString(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_frame")),
    )
    with op.batch_alter_table("draw_frame", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_frame_sha256"), ["sha256"], unique=False)

    op.create_table(
        "draw_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", KEY, nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("previous", KEY, nullable=False),
        sa.Column("frame_sha256", KEY, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_record")),
        sa.UniqueConstraint("previous", name=op.f("uq_draw_record_previous")),
        sa.UniqueConstraint("sha256", name=op.f("uq_draw_record_sha256")),
    )
    op.create_table(
        "source_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("canary", AutoString(), nullable=False),
        sa.Column("status_url", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_event")),
    )
    with op.batch_alter_table("source_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_event_origin"), ["origin"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("check_id", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("severity", AutoString(), nullable=False),
        sa.Column("opened", UTCDateTime(), nullable=False),
        sa.Column("changed", UTCDateTime(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("recurrences", sa.Integer(), nullable=False),
        sa.Column("close_proposed", sa.Boolean(), nullable=False),
        sa.Column("assignee", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("action", AutoString(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("assignee", AutoString(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("previous_hash", AutoString(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_event_number")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_event_previous_hash")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_entry"), ["entry"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("period", AutoString(), nullable=False),
        sa.Column("edition", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_at"), ["at"], unique=False)

    op.create_table(
        "job",
        sa.Column("name", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("vantage", AutoString(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(
            "observation_of_content",
            ["content"],
            unique=False,
            sqlite_where=sa.text("content IS NOT NULL"),
            postgresql_where=sa.text("content IS NOT NULL"),
        )
        batch_op.create_index("observation_of_subject", ["subject", "kind", "at"], unique=False)

    op.create_table(
        "probe_run",
        sa.Column("probe", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("probe", "subject", name=op.f("pk_probe_run")),
    )
    op.create_table(
        "rectification_notice",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("year", "number", name=op.f("pk_rectification_notice")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("vantage", AutoString(), nullable=False),
        sa.Column("families", sa.JSON(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("held_back", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_at"), ["at"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("check_id", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("first_seen", UTCDateTime(), nullable=False),
        sa.Column("last_seen", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "subject", "key", name=op.f("pk_sighting")),
    )
    op.create_table(
        "site",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("sponsor", AutoString(), nullable=False),
        sa.Column("supervisor", AutoString(), nullable=False),
        sa.Column("region", AutoString(), nullable=False),
        sa.Column("level", AutoString(), nullable=True),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "unit",
        sa.Column("name", KEY, nullable=False),
        sa.Column("credit_code", AutoString(), nullable=False),
        sa.Column("parent", AutoString(), nullable=False),
        sa.Column("region", AutoString(), nullable=False),
        sa.Column("level", AutoString(), nullable=True),
        sa.Column("contact", AutoString(), nullable=False),
        sa.Column("phone", AutoString(), nullable=False),
        sa.Column("email", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_unit")),
    )
    op.create_table(
        "crawl_link",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["crawl.site_id"], name=op.f("fk_crawl_link_site_id_crawl"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "url", name=op.f("pk_crawl_link")),
    )
    op.create_table(
        "finding",
        sa.Column("period", KEY, nullable=False),
        sa.Column("check_id", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period", "check_id", "subject"],
            ["assessment.period", "assessment.check_id", "assessment.subject"],
            name=op.f("fk_finding_period_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("period", "check_id", "subject", "position", name=op.f("pk_finding")),
    )
    op.create_table(
        "site_column",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("category", AutoString(), nullable=False),
        sa.Column("top_level", sa.Boolean(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_column_site_id_site")),
        sa.PrimaryKeyConstraint("site_id", "name", name=op.f("pk_site_column")),
    )

    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("filed", AutoString(), nullable=False),
        sa.Column("ended", UTCDateTime(), nullable=True),
        sa.Column("ended_by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", KEY, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("alarm", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_active"), ["active"], unique=False)

    op.create_table(
        "alarm_mark",
        sa.Column("name", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("inspection", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alarm_mark")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("recipient", KEY, nullable=False),
        sa.Column("tiding", sa.JSON(), nullable=False),
        sa.Column("created", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", AutoString(), nullable=False),
        sa.Column("claimed_until", UTCDateTime(), nullable=True),
        sa.Column("message", AutoString(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("identity", name=op.f("uq_notice_identity")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("notice_due", ["state", "channel", "not_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_sent_at"), ["sent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_sent_at"))
        batch_op.drop_index("notice_due")

    op.drop_table("notice")
    op.drop_table("alarm_mark")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_active"))

    op.drop_table("alarm")
    op.drop_table("suspension")
    op.drop_table("site_column")
    op.drop_table("finding")
    op.drop_table("crawl_link")
    op.drop_table("unit")
    op.drop_table("site")
    op.drop_table("sighting")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_at"))

    op.drop_table("round")
    op.drop_table("probe_run")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("observation_of_subject")
        batch_op.drop_index(
            "observation_of_content",
            sqlite_where=sa.text("content IS NOT NULL"),
            postgresql_where=sa.text("content IS NOT NULL"),
        )

    op.drop_table("observation")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_at"))

    op.drop_table("inspection")
    op.drop_table("job")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_entry"))

    op.drop_table("event")
    op.drop_table("rectification_notice")
    op.drop_table("entry")
    op.drop_table("crawl")
    op.drop_table("visit_day")
    op.drop_table("content")
    op.drop_table("assessment")
    op.drop_table("source_event")
    op.drop_table("draw_record")
    op.drop_table("draw_frame")
    op.drop_table("account_event")
    op.drop_table("account")
