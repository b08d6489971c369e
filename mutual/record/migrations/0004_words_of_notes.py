"""The words of notes and addenda, for finding them; the database keeps them by itself.

The columns are no field of the models: pages that open a note never fetch them. Sealed kinds have
no text in these columns' sources, so none of their words is here (P-9).
"""

from django.db import migrations

from mutual.base.migrations import SchemaSQL


class Migration(migrations.Migration):
    dependencies = [("record", "0003_safety_and_medicine")]

    operations = [
        SchemaSQL(
            """
            alter table record_notebody add column words tsvector generated always as
              (jsonb_to_tsvector('english', sections, '["string"]')) stored;
            alter table record_addendum add column words tsvector generated always as
              (to_tsvector('english', text)) stored;
            """,
            """
            alter table record_notebody drop column words;
            alter table record_addendum drop column words;
            """,
        ),
    ]
