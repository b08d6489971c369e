"""Proposes a programme's week from a file alone: no database, no names needed.

``parse`` reads the file into ``instance``, ``windows`` turns clocks of several zones into slots,
``problem`` lists what may go where, ``calendar`` places the groups, ``greedy`` finds a first
week, ``ruin`` and ``search`` better it (the latter with the CP-SAT ``model``), ``repairing``
changes as little as possible, ``explain`` says in words what could not be met. OR-Tools is
imported by ``model`` alone, when it is first needed.
The checker that judges the result (:mod:`mutual.week.checker`) shares no code with any of this.
"""
