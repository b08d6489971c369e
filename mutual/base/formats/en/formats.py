"""Days as everywhere else here: the weekday first, which people plan by."""

DATE_FORMAT = "D j M Y"
