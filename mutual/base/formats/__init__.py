"""How days and numbers are written, where it is not Django's own way."""
