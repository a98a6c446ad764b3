"""For Babel: Django's templates, read the way Django itself reads them for translation."""

import io

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def templates(file, keywords, comment_tags, options):
    """Messages of a Django template, as Babel's extractors yield them."""
    python = templatize(file.read().decode(), origin=getattr(file, "name", None))
    yield from extract_python(io.BytesIO(python.encode()), keywords, comment_tags, options)
