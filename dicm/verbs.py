"""What is done in each room, in words, for the journal: collected here, because the journal stands below all rooms."""

import community.flows
import research.flows
import spo.contracts.flows
import spo.delivery.flows
import spo.orders.flows
import spo.reports.flows
import spo.scoring.flows
import spo.tenders.flows
import territories.people.words
from territories.journal.words import verbs

TOLD = (
    community.flows.VERBS,
    research.flows.VERBS,
    spo.tenders.flows.VERBS,
    spo.orders.flows.VERBS,
    spo.scoring.flows.VERBS,
    spo.contracts.flows.VERBS,
    spo.delivery.flows.VERBS,
    spo.reports.flows.VERBS,
    territories.people.words.VERBS,
)
for words in TOLD:
    verbs(words)
