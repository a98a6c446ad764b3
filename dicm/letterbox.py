"""Every letter that a room writes, so that whoever sends or shows them knows them all: in every process."""

import spo.contracts.letters
import spo.delivery.letters
import spo.orders.letters
import spo.reports.letters
import spo.scoring.letters
import spo.tenders.letters  # noqa: F401
