"""What `manage.py verify_journal` proves besides the journal: copies that acts made, under the journal's verbs for those.

A room's own proof stands in the room; here they come together, because the journal stands below all rooms.
"""

from community.models import Activity, ActivityVersion
from research.models import Edition, Publication
from spo.contracts.models import Contract, Snapshot
from spo.contracts.terms import terms_as_agreed
from spo.orders.models import Answer, Commitment
from spo.reports.models import Frozen, Paper, Report
from spo.scoring.models import Bid
from spo.tenders.models import Tender, TenderVersion
from territories.journal.copies import Copies, proves

CHANGES = ("publish", "describe", "add impact", "remove impact", "add need", "remove need")
proves(Copies(ActivityVersion, CHANGES, of="activity_id", about=Activity, verb="verb"))
proves(Copies(Edition, ("publish",), of="publication_id", about=Publication))
proves(Copies(Answer, ("agree", "return"), of="line_id", about=Commitment, verb="verb"))
proves(Copies(TenderVersion, ("open",), of="tender_id", about=Tender))
proves(Copies(Bid, ("submit",)))
proves(Copies(Snapshot, ("lock in",), of="contract_id", about=Contract))
proves(terms_as_agreed)
proves(Copies(Frozen, ("finish",), of="report_id", about=Report))
proves(Copies(Paper, ("print",), of="report_id", about=Report))
