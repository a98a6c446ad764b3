"""Letters on one's own machine: files with links that can be followed."""

from django.core.mail import EmailMessage

from dicm.letters import EmailBackend


def test_a_letter_is_a_file_with_its_links_whole(tmp_path):
    link = f"http://dicm.localhost:8000/join/link/{'x' * 200}/"
    letter = EmailMessage(
        "Croeso, Siân", f"Dilynwch y ddolen – nawr:\n\n{link}", None, ["sian@charity.example"]
    )
    assert EmailBackend(file_path=tmp_path).send_messages([letter]) == 1
    (file,) = tmp_path.iterdir()
    assert file.read_text(encoding="utf-8") == (
        f"To: sian@charity.example\nSubject: Croeso, Siân\n\nDilynwch y ddolen – nawr:\n\n{link}\n"
    )
