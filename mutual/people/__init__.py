"""people: persons, couples, households, staff, licences, accounts."""
