"""What a provider says about a person, and how little of it is kept."""

# How providers write "yes": some send a text or a digit.
YES = (True, "true", "1")


def told(answer: dict) -> dict:
    """What decides, in an ID token and what the provider's own page about the person adds: an e-mail address that
    one of them calls verified ("" if none does), and whether the person used several factors there.
    """
    token, info = answer.get("id_token") or {}, answer.get("userinfo") or {}
    if token.get("sub") != info.get("sub"):
        return {"email": "", "second_factor": False}
    addresses = (said.get("email") for said in (token, info) if _verified(said))
    known = next((address for address in map(_plain, addresses) if address), "")
    return {"email": known, "second_factor": "mfa" in (token.get("amr") or [])}


def _verified(said: dict) -> bool:
    # Microsoft Entra ID never sends email_verified; its word for it is "email domain owner verified".
    return said.get("email_verified", said.get("xms_edov")) in YES


def _plain(address: object) -> str:
    # Lower case makes an ASCII letter of some that are none (K, the sign for kelvin): another person's address.
    return address.lower() if isinstance(address, str) and address.isascii() else ""
