"""Suspensions that recur every week."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("suspension") as table:
        table.add_column(sa.Column("weekly", AutoString(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("suspension") as table:
        table.drop_column("weekly")
