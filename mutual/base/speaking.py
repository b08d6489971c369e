"""In which language a page speaks: the reader's, and English where staff work."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from mutual.base.languages import SOURCE

#: Pages of staff have no catalogue: half of one would be worse than none.
WORK = "/staff/"


class SpokenMiddleware(LocaleMiddleware):
    """Django's own choice of language, but for the pages of staff."""

    def process_request(self, request: HttpRequest) -> None:
        """Turn on the language of this request."""
        if request.path_info.startswith(WORK):
            translation.activate(SOURCE)
            request.LANGUAGE_CODE = SOURCE
        else:
            super().process_request(request)
