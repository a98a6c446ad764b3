"""References that people read out on the phone: no counter, so no lock, and nobody's is guessed."""

import secrets

# Without letters and digits that look or sound alike.
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"


def reference(prefix: str) -> str:
    """A new reference such as SPO-7KQ4-MZ8T."""
    letters = [secrets.choice(LETTERS) for _position in range(8)]
    return f"{prefix}-{''.join(letters[:4])}-{''.join(letters[4:])}"
