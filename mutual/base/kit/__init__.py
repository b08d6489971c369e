"""The parts of the interface kit, by what they are for; `templatetags/kit.py` gathers them."""
