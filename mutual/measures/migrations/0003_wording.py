"""Owners' official words for instruments, kept with their permission (I-2)."""

from django.db import migrations, models

import mutual.base.ids


class Migration(migrations.Migration):
    """Adds the table of installed wordings."""

    dependencies = [("measures", "0002_family")]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mutual.base.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("version", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=200)),
                ("credit", models.TextField()),
                ("permission", models.JSONField()),
                ("items", models.JSONField()),
                ("subscales", models.JSONField(default=dict)),
                ("installed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version", "language"), name="one_wording_of_a_version"
                    )
                ],
            },
        ),
    ]
