"""base: settings, embedded database, time, money, encryption, jobs, interface kit."""
