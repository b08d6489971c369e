"""Why somebody is excused or minutes differ moves to a table of its own (P-7)."""

import django.db.models.deletion
from django.db import migrations, models

from mutual.base.migrations import RowsSQL

MOVE = """
alter table week_attendance no force row level security;
insert into week_attendancereason (attendance_id, person_id, clinician_id, words)
  select id, person_id, clinician_id, reason from week_attendance where reason <> '';
set constraints all immediate;
alter table week_attendance force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("week", "0004_by_phone")]

    operations = [
        migrations.CreateModel(
            "AttendanceReason",
            [
                (
                    "attendance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="why",
                        serialize=False,
                        to="week.attendance",
                    ),
                ),
                ("words", models.CharField(blank=True, default="", max_length=200)),
                (
                    "clinician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.staff"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.person"
                    ),
                ),
            ],
        ),
        RowsSQL(MOVE, RowsSQL.noop),
        migrations.RemoveField("attendance", "reason"),
    ]
