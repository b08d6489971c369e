"""Why a note is late moves from its facts to its text, sealed where that is sealed (P-7, P-9)."""

from typing import Any

from django.db import migrations, models

from mutual.base.crypto import seal
from mutual.base.migrations import RowsPython

SEALED = ("psychotherapy_note", "sud_counseling_note", "couple_solo_note")


def move(apps: Any, editor: Any) -> None:
    """Copy the words; signed notes are closed, and the owner is held by the walls, too."""
    tables = ("record_note", "record_notebody")
    with editor.connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"alter table {table} no force row level security")
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute("select id, kind, late_reason from record_note where late_reason <> ''")
        for note, kind, words in cursor.fetchall():
            column, value = (
                ("late_sealed", seal(words, f"{note} late"))
                if kind in SEALED
                else ("late_reason", words)
            )
            cursor.execute(
                f"update record_notebody set {column} = %s where note_id = %s",  # noqa: S608
                [value, note],
            )
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f"alter table {table} enable trigger user")
            cursor.execute(f"alter table {table} force row level security")


class Migration(migrations.Migration):
    dependencies = [("record", "0005_patterns_of_a_couple")]

    operations = [
        migrations.AddField(
            "notebody", "late_reason", models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddField("notebody", "late_sealed", models.BinaryField(null=True)),
        migrations.RemoveConstraint("notebody", "body_sealed"),
        migrations.AddConstraint(
            "notebody",
            models.CheckConstraint(
                name="body_sealed",
                condition=~models.Q(kind__in=SEALED) | models.Q(sections={}, late_reason=""),
            ),
        ),
        RowsPython(move, RowsPython.noop),
        migrations.RemoveField("note", "late_reason"),
    ]
