"""Lifting a hold names the supervisor with whom it was decided (C-18)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the supervisor of a lifted hold."""

    dependencies = [("episode", "0001_initial")]

    operations = [
        migrations.AddField(
            "clearancesignature",
            "lifted_with",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lifted",
                to="people.staff",
            ),
        ),
    ]
