"""Letters on one's own machine: files with links that can be followed."""

import re

from django.core.mail import EmailMessage

from dicm.letters import BETWEEN, EmailBackend


def test_a_letter_is_a_file_with_its_links_whole(tmp_path):
    link = f"http://dicm.localhost:8000/join/link/{'x' * 200}/"
    letter = EmailMessage(
        "Croeso, Siân", f"Dilynwch y ddolen – nawr:\n\n{link}", None, ["sian@charity.example"]
    )
    assert EmailBackend(file_path=tmp_path).send_messages([letter]) == 1
    (file,) = tmp_path.iterdir()
    assert file.read_text(encoding="utf-8") == (
        f"To: sian@charity.example\nSubject: Croeso, Siân\n\nDilynwch y ddolen – nawr:\n\n{link}\n{BETWEEN}"
    )


def test_whoever_tries_the_demo_reads_the_letters_at_an_address(tmp_path, client_for, settings):
    page = "/demo/letters/"
    assert client_for(None, territory=None).get(page).status_code == 404
    settings.MAILERS = {
        "default": {"BACKEND": "dicm.letters.EmailBackend", "OPTIONS": {"file_path": tmp_path}}
    }
    assert "No letter yet" in client_for(None, territory=None).get(page).text
    letters = [
        EmailMessage(f"Number {n}", f"<b>{n}</b> http://x.example/{n}/", None, ["a@b.example"])
        for n in (1, 2)
    ]
    EmailBackend(file_path=tmp_path).send_messages(letters)
    shown = client_for(None, territory=None).get(page).text
    assert re.findall(r"Number \d", shown) == ["Number 2", "Number 1"]
    assert '<a href="http://x.example/1/"' in shown and "<b>1</b>" not in shown
    settings.DICM_LOCAL = False
    assert client_for(None, territory=None).get(page).status_code == 404
