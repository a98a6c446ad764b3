"""Of every thing in the journal: what it is called, who is told what was done to it, and which address shows it.

Each room's `queries.py` says who; here they come together, because the journal stands below all rooms.
"""

from django.utils.translation import gettext_lazy as _

from community import queries as community
from community.models import Activity, Provider
from research import queries as research
from research.models import Publication
from spo.contracts import queries as contracts
from spo.contracts.models import Contract
from spo.delivery import queries as delivery
from spo.delivery.models import Delivery
from spo.orders import queries as orders
from spo.orders.models import Commitment, Order
from spo.reports import queries as reports
from spo.reports.models import Report
from spo.scoring.models import Bid, Consensus, PanelMember
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import seats_told_to
from spo.scoring.queries.scores import consensus_told_to
from spo.tenders import queries as tenders
from spo.tenders.models import Declaration, Tender
from territories.journal.concern import concerns
from territories.models import Application, Invitation, Membership, Organisation, Territory, Welcome
from territories.people.joining import queries as joining
from territories.people.parts import queries as people

# In a territory.
concerns(Activity, _("activity"), community.activities_told_to, "activity")
concerns(Provider, _("provider"), community.providers_told_to, related=("organisation",))
concerns(Publication, _("publication"), research.publications_told_to, "publication")
concerns(Order, _("order"), orders.orders_seen_by, "order")
concerns(Commitment, _("line of an order"), orders.commitments_seen_by, related=("support_type",))
concerns(Tender, _("tender"), tenders.tenders_told_to, "tender")
concerns(PanelMember, _("seat on a panel"), seats_told_to)
concerns(Declaration, _("declaration of interests"), tenders.declarations_told_to)
concerns(Bid, _("bid"), bids_seen_by, "bid", related=("order", "supplier"))
concerns(Consensus, _("the panel's grade"), consensus_told_to, related=("criterion",))
concerns(Contract, _("contract"), contracts.contracts_seen_by, "contract")
concerns(Delivery, _("delivery"), delivery.deliveries_seen_by)
concerns(Report, _("report"), reports.reports_told_to, "report")

# On the public site.
concerns(Application, _("application"), joining.applications_told_to)
concerns(Welcome, _("rule on who is let in"), joining.welcomes_told_to, related=("territory",))
concerns(Territory, _("territory"), people.territories_told_to)
concerns(Organisation, _("organisation"), people.organisations_told_to)
concerns(
    Membership,
    _("part"),
    people.parts_told_to,
    related=("user", "participation__organisation"),
    words=lambda part: f"{part.user}, {part}",
)
concerns(
    Invitation,
    _("invitation"),
    people.invitations_told_to,
    related=("participation__organisation",),
    words=lambda invitation: f"{invitation.email}, {invitation}",
)
