"""Views of the staff face, one module a topic; no rules here."""
