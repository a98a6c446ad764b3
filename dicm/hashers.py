"""How passwords are hashed: what an attacker with a copy of the table must pay for each guess, and we for each sign-in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id above OWASP's minimum (46 MiB, one pass, one lane), where Django's own takes 100 MiB and eight threads.

    A web process that hashes for every one of its turns at once needs 16 × 46 MiB more, and no more cores than it has.
    What was hashed otherwise is still accepted, and hashed anew when its owner signs in.
    """

    memory_cost = 46 * 1024  # KiB
    time_cost = 2
    parallelism = 1
