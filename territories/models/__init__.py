"""Who and where, in the public schema: closed when they end, never deleted."""

from territories.models.joining import Application, Invitation, Welcome
from territories.models.organisations import Identifier, Organisation, Participation
from territories.models.people import Appointment, Membership, Staff, User, UserActivity
from territories.models.places import Domain, Oversight, Region, Territory
from territories.models.seals import Seal
from territories.models.wishes import Wish
from territories.models.yardsticks import SupportType

__all__ = [
    "Application",
    "Appointment",
    "Domain",
    "Identifier",
    "Invitation",
    "Membership",
    "Organisation",
    "Oversight",
    "Participation",
    "Region",
    "Seal",
    "Staff",
    "SupportType",
    "Territory",
    "User",
    "UserActivity",
    "Welcome",
    "Wish",
]
