"""Views of the website: pages for visitors and the form that asks us."""
