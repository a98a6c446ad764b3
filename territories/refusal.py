"""A refusal is a sentence, the same whether it explains a missing button or stops an act."""


class Refused(Exception):
    """The act is not possible now; the reason is for the person who tried."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Stale(Refused):
    """Someone else saved first; `current` is the row as it now stands."""

    def __init__(self, reason, current):
        super().__init__(reason)
        self.current = current


def require(reason: str | None) -> None:
    """Raise the reason, if there is one."""
    if reason:
        raise Refused(reason)
