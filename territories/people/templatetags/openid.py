"""The providers with which people may sign in, for the sign-in page."""

from django import template

from territories.people.openid.queries import identity_providers

register = template.Library()
register.simple_tag(identity_providers)
