"""What was said about a thing, one after another, as the page's view tells it; components/timeline.html shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """Who did what when, and in which words of their own, if any."""

    what: str
    who: str
    when: datetime
    words: str = ""
