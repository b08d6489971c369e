"""Measures of the relationship are a kind of their own: a checked column separates them (P-1)."""

from django.db import migrations, models


def _family() -> models.CharField:
    return models.CharField(
        choices=[("own", "own"), ("dyadic", "dyadic")], default="own", max_length=10
    )


def _checked(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("family__in", ["own", "dyadic"])), name=name)


class Migration(migrations.Migration):
    """Adds the column, its check and an index for a person's forms."""

    dependencies = [("measures", "0001_initial")]

    operations = [
        migrations.AddField("assignment", "family", _family()),
        migrations.AddConstraint("assignment", _checked("assignment_family")),
        migrations.AddField("response", "family", _family()),
        migrations.AddConstraint("response", _checked("response_family")),
        migrations.AddField("responsetotal", "family", _family()),
        migrations.AddConstraint("responsetotal", _checked("responsetotal_family")),
        migrations.AddField("responsebody", "family", _family()),
        migrations.AddConstraint("responsebody", _checked("responsebody_family")),
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["person", "key", "-due_on"], name="measures_as_person__91b744_idx"
            ),
        ),
    ]
