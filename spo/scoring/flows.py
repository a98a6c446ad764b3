"""What is done with bids, panels and scores; the states are the tender's own."""

from django.utils.translation import gettext_lazy as _

# As the journal tells them.
VERBS = {
    "agree grade": _("wrote down the panel's grade"),
    "appoint": _("put someone on the panel"),
    "award": _("awarded"),
    "close": _("began the scoring"),
    "dismiss": _("took someone off the panel"),
    "score": _("scored a bid"),
    "settle": _("ended the individual round"),
    "submit": _("submitted a bid"),
}
