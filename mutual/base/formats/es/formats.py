"""Days as in English here; numbers as on a bill or form of the country: 1,500.00."""

DATE_FORMAT = "D j M Y"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
