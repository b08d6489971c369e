"""Views of the portal face, one module a topic; no rules here."""
