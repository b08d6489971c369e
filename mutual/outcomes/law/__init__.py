"""The law in words: every privacy rule, what it asks, where it stands, what shows that it holds.

One declaration for the page and for its tests: a rule that the specification has and this one
hasn't, or a control that isn't there any more, fails a test.
"""

from mutual.outcomes.law.page import Line, Section, read_law
from mutual.outcomes.law.words import RULES, SECTIONS, Rule

__all__ = ["RULES", "SECTIONS", "Line", "Rule", "Section", "read_law"]
