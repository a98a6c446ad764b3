"""The panel of a tender, the orders submitted in it, how they were scored, and which was awarded.

What was sealed, scored, agreed or awarded is a row that nobody can change, and everything later reads it.
"""

from spo.scoring.models.awards import Award
from spo.scoring.models.bids import Bid
from spo.scoring.models.panel import Dismissal, PanelMember
from spo.scoring.models.scores import Consensus, Score

__all__ = ["Award", "Bid", "Consensus", "Dismissal", "PanelMember", "Score"]
