"""Bids, panel, scores, consensus, award. Every act takes the tender's lock first."""

from spo.scoring.actions.bids import submit
from spo.scoring.actions.moderation import agree_grade, award
from spo.scoring.actions.panel import appoint, declare, dismiss
from spo.scoring.actions.scores import begin_scoring, score, settle

__all__ = [
    "agree_grade",
    "appoint",
    "award",
    "begin_scoring",
    "declare",
    "dismiss",
    "score",
    "settle",
    "submit",
]
