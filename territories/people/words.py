"""What people and staff do about parts, applications and accounts, as the journal tells it."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "accept": _("accepted an invitation"),
    "add person": _("was given a part"),
    "anonymise": _("closed the account"),
    "apply": _("asked to join"),
    "approve": _("let an organisation in"),
    "change": _("changed"),
    "confirm": _("confirmed"),
    "correct": _("corrected"),
    "hand over": _("handed a part over"),
    "invite": _("invited someone"),
    "leave": _("left"),
    "refuse": _("refused"),
    "register": _("registered"),
    "remove": _("took a part away"),
    "retain": _("removed what was kept long enough"),
    "return": _("returned for changes"),
    "revoke": _("withdrew an invitation"),
    "send link": _("asked for a new link"),
    "set welcome": _("changed who is let in at once"),
}
