"""An identity provider of one's own on loopback: a whole one, with discovery, codes, keys and a page about the person."""

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from oidc_provider_mock import run_server_in_thread


@dataclass
class Provider:
    """Where it is, and with what it was asked for tokens."""

    url: str
    asked: list[dict] = field(default_factory=list)

    def registered(self, callback: str) -> dict[str, str]:
        """A client of its: from nobody else, and back to nowhere else."""
        facts = {"redirect_uris": [callback], "token_endpoint_auth_method": "client_secret_post"}
        answer = requests.post(f"{self.url}/oauth2/clients", json=facts, timeout=5).json()
        return {"client_id": answer["client_id"], "secret": answer["client_secret"]}

    def knows(self, sub: str, **claims) -> None:
        """What it says of a person from now on."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def answers(self, there: str, **given: str) -> str:
        """Where it sends somebody who came to it at an address and signed in (`sub=`) or did not (`action="deny"`)."""
        answer = requests.post(there, data=given, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def knows_who_began(self, there: str) -> bool:
        """Whether the last code was fetched by whoever had begun at that address (PKCE, S256)."""
        asked = parse_qs(urlsplit(there).query)
        digest = hashlib.sha256(self.asked[-1]["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return (asked["code_challenge"], asked["code_challenge_method"]) == ([challenge], ["S256"])


@contextmanager
def provider() -> Iterator[Provider]:
    with run_server_in_thread(require_client_registration=True) as server:
        running = Provider(f"http://localhost:{server.server_port}")
        answering = server.app

        def listening(environ, start_response):
            if environ["PATH_INFO"] == "/oauth2/token":
                body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                running.asked.append(dict(parse_qsl(body.decode())))
                environ["wsgi.input"] = io.BytesIO(body)
            return answering(environ, start_response)

        server.app = listening
        yield running
