"""What the access table is held against: the addresses of both sites and their views."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

from dicm.access.public import PUBLIC
from dicm.access.territory import TERRITORY

# Views of other projects, which have their own rules instead of an `access`.
OF_ALLAUTH = ("account_", "mfa_", "usersessions_")
THIRD_PARTY = {"set_language", *(name for name in PUBLIC if name.startswith(OF_ALLAUTH))}

TABLES: dict[str, Mapping[str, object]] = {"dicm.urls": TERRITORY, "dicm.urls_public": PUBLIC}


@dataclass(frozen=True)
class Address:
    """A pattern of a site: its name with its namespace, its route as one reads it, and its view."""

    name: str
    route: str
    view: Callable


def addresses(urlconf: str, patterns=None, space: str = "", before: str = "/") -> Iterator[Address]:
    """Every address of a site, in the order in which it is asked."""
    for pattern in get_resolver(urlconf).url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name or pattern.pattern}", route, pattern.callback)
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(urlconf, pattern.url_patterns, inner, route)


def unlisted(urlconf: str) -> list[str]:
    """Addresses of a site that its table does not name, and names of the table that are no address."""
    return sorted({address.name for address in addresses(urlconf)} ^ TABLES[urlconf].keys())


def silent(urlconf: str) -> list[str]:
    """Views of ours that do not say who may."""
    ours = (address for address in addresses(urlconf) if address.name not in THIRD_PARTY)
    return sorted(address.name for address in ours if not hasattr(address.view, "access"))
