"""Each part of a written consent is kept, and the database keeps it from being left out (P-17)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds how a consent is taken back, and checks for each part."""

    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.AddField("consent", "revocation", models.TextField(blank=True, default="")),
        migrations.AlterField("consent", "version", models.CharField(max_length=40)),
        *(
            migrations.AddConstraint(
                "consent",
                models.CheckConstraint(
                    condition=models.Q((part, ""), _negated=True), name=f"consent_has_{part}"
                ),
            )
            for part in (
                "discloser",
                "recipient",
                "description",
                "purpose",
                "revocation",
                "words",
            )
        ),
    ]
