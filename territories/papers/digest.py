"""One canonical spelling of facts, and its digest."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder


def digest_of(body: dict) -> str:
    """SHA-256 (64 hex digits) of a body of plain facts, whatever the order of its keys."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(body: dict) -> dict:
    """The body as it will be read back from JSON: what is digested now is what is compared later."""
    return json.loads(json.dumps(body, cls=DjangoJSONEncoder))
