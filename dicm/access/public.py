"""Every address of the public site, and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Public:
    """What the public site answers to nobody in particular, to a stranger, to a member of one territory, to its
    lead, to the lead of another territory, and to staff. `args` stand in the address.

    `lead` and `foreign` are as a member's where nothing is said, `staff` as a stranger's: most pages are the same for all.
    """

    nobody: int
    stranger: int
    member: int
    args: tuple = ()
    lead: int | None = None
    foreign: int | None = None
    staff: int | None = None

    def answers(self) -> dict[str, int]:
        return {
            "nobody": self.nobody,
            "stranger": self.stranger,
            "north supplier": self.member,
            "north lead": self.member if self.lead is None else self.lead,
            "south lead": self.member if self.foreign is None else self.foreign,
            "staff": self.stranger if self.staff is None else self.staff,
        }


def of_leads(*things: str, status: int = 200) -> Public:
    """A page about a territory for its leads alone; 405 where it takes POST only."""
    return Public(302, 404, 404, ("thames-valley", *things), status, 404)


def of_members(*things: str, status: int = 200) -> Public:
    """A page about a territory for everyone who plays a part there."""
    return Public(302, 404, status, ("thames-valley", *things), status, 404)


def of_staff(*things: object) -> Public:
    """A page of the desk."""
    return Public(302, 404, 404, things, 404, 404, 200)


SAME = Public(200, 200, 200)
# What staff correct; nothing else is at the desk.
DESK = ("territory", "organisation", "supporttype")
PUBLIC: dict[str, Public] = {
    "home": SAME,
    "your_territories": Public(302, 200, 302),
    "join": SAME,
    "application_link": Public(404, 404, 404, ("forged",)),
    # Its applicant sees it; here that is nobody of these.
    "application": Public(404, 404, 404, ("reference",)),
    "application_change": Public(404, 404, 404, ("reference",)),
    "applications": of_leads(),
    "welcome": of_leads(),
    "application_review": of_leads("application"),
    "application_approve": of_leads("application", status=405),
    "application_return": of_leads("application"),
    "application_refuse": of_leads("application"),
    "people": of_members(),
    "journal_of_people": of_members(),
    "notices": Public(302, 200, 200),
    "notices_read": Public(302, 405, 405),
    "wishes": Public(302, 200, 200),
    # Where letters are files; elsewhere nothing.
    "demo_letters": Public(404, 404, 404),
    "stop_letters": Public(404, 404, 404, ("forged",)),
    "invite": of_members(),
    "part_end": of_members("part"),
    "part_hand_over": of_members("part"),
    "invitation_revoke": of_members("part", status=405),
    "invitation": Public(404, 404, 404, ("forged",)),
    "staff:index": of_staff(),
    "staff:jsi18n": of_staff(),
    "staff:app_list": of_staff("territories"),
    **{f"staff:territories_{kind}_changelist": of_staff() for kind in DESK},
    **{f"staff:territories_{kind}_{page}": of_staff(kind) for kind in DESK for page in ("change", "history")},
    "staff:territories_supporttype_add": of_staff(),
    "accessibility": SAME,
    "privacy": SAME,
    "health": SAME,
    "ready": SAME,
    "set_language": Public(302, 302, 302),
    "security_txt": SAME,
    "stay": Public(302, 204, 204),
    "account": Public(302, 200, 200),
    "your_data": Public(302, 200, 200),
    "your_data_file": Public(302, 200, 200),
    # Who is asked for a password again.
    "account_close": Public(302, 302, 302),
    "second_factor": Public(302, 302, 302),
    "openid_sign_in": Public(404, 404, 404, ("unknown",)),
    "openid_connect_callback": Public(404, 404, 404, ("unknown",)),
    "account_login": Public(200, 302, 302),
    "account_logout": Public(302, 200, 200),
    "account_inactive": SAME,
    "account_signup": Public(200, 302, 302),
    "account_reauthenticate": Public(302, 200, 200),
    "account_email": Public(302, 200, 200),
    "account_email_verification_sent": SAME,
    "account_confirm_email": Public(200, 200, 200, ("no-such-key",)),
    "account_change_password": Public(302, 200, 200),
    "account_set_password": Public(302, 302, 302),
    "account_reset_password": SAME,
    "account_reset_password_done": SAME,
    "account_reset_password_from_key": Public(200, 200, 200, ("1", "no-such-key")),
    "account_reset_password_from_key_done": SAME,
    "account_confirm_login_code": Public(302, 302, 302),
    # Who is asked for a password again, or has nothing there yet.
    "mfa_index": Public(302, 200, 200),
    "mfa_authenticate": Public(302, 302, 302),
    "mfa_reauthenticate": Public(302, 302, 302),
    "mfa_activate_totp": Public(302, 302, 302),
    "mfa_deactivate_totp": Public(302, 404, 404),
    "mfa_view_recovery_codes": Public(302, 404, 404),
    "mfa_generate_recovery_codes": Public(302, 302, 302),
    "mfa_download_recovery_codes": Public(302, 404, 404),
    "mfa_list_webauthn": Public(302, 200, 200),
    "mfa_add_webauthn": Public(302, 302, 302),
    "mfa_reauthenticate_webauthn": Public(302, 302, 302),
    "mfa_remove_webauthn": Public(302, 302, 302, (1,)),
    "mfa_edit_webauthn": Public(302, 302, 302, (1,)),
    "mfa_login_webauthn": Public(302, 302, 302),
    "usersessions_list": Public(302, 200, 200),
}
