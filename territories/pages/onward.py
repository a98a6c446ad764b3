"""What the reader of a page can do next, as the page's view says it; components/onward.html shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Onward:
    """A sentence, and below it something to post (`acts`) or a page to go to; one of them may be empty.

    Where `why_not` is a sentence, it stands there instead of what could be done.
    """

    words: str = ""
    label: str = ""
    url: str = ""
    why_not: str | None = None
    acts: bool = False
