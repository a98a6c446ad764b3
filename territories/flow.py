"""States as a table: which verb leads from where to where, and whose verb it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from territories.refusal import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Edge:
    """`verb` leads from any of `sources` to `target`; `owner` says who may do it, in words."""

    verb: str
    sources: tuple[str, ...]
    target: str
    owner: str


class Flow:
    """The life of one kind of row."""

    def __init__(self, name: StrOrPromise, states: type[TextChoices], *edges: Edge):
        self.name, self.states, self.edges = name, states, edges

    def why_not(self, status: str, verb: str) -> str | None:
        """Why the verb can't be done in this state, as a sentence; None if it can."""
        if any(status in edge.sources for edge in self._named(verb)):
            return None
        return _("This is not possible any more: the {thing} is now “{state}”.").format(
            thing=self.name, state=self.states(status).label
        )

    def after(self, status: str, verb: str) -> str:
        """The state that the verb leads to; Refused where it can't be done."""
        for edge in self._named(verb):
            if status in edge.sources:
                return edge.target
        raise Refused(self.why_not(status, verb))

    def mermaid(self) -> str:
        """The flow as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {next(iter(self.states)).value}"]
        lines += [
            f"    {source} --> {edge.target}: {edge.verb} ({edge.owner})"
            for edge in self.edges
            for source in edge.sources
        ]
        return "\n".join(lines)

    def _named(self, verb: str) -> list[Edge]:
        found = [edge for edge in self.edges if edge.verb == verb]
        if not found:
            raise LookupError(f"{verb} is no verb of {self.name}")
        return found
