"""The API of ACLED: a token for the user's account, and one page of events for a query.

The protocol is that of https://acleddata.com/api-documentation: OAuth 2 with the password of the
account, a token that is valid for a day, and a second one that renews it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from sahel_transitions.errors import SahelError
from sahel_transitions.sources.fetching.accounts import Account, scrub
from sahel_transitions.sources.fetching.connection import (
    Transient,
    check_status,
    persistently,
    refuse_plain,
    send,
    shown,
    whole_body,
)

READ = "https://acleddata.com/api/acled/read"
TOKEN = "https://acleddata.com/oauth/token"

# A page of 5,000 events has about 10 MB.
_MAX_BYTES = 200 << 20
_ACCESS = (
    "Log in at https://acleddata.com, accept its terms and complete the profile; if that does not "
    "help, ask ACLED (access@acleddata.com) whether the account may use the API."
)
_MOVED = (
    "The API has moved: get a newer version of this project, or export the events on "
    "https://acleddata.com and name that file."
)
_REMEDIES = dict.fromkeys((401, 403), _ACCESS) | dict.fromkeys(
    (301, 302, 303, 307, 308, 404, 410), _MOVED
)
_KEPT = "The pages that have come are kept for a day: run the command again, and it goes on."


@dataclass(frozen=True)
class _Token:
    access: str = field(repr=False)
    refresh: str | None = field(repr=False)


@dataclass(frozen=True)
class _Answer:
    """What came, if the status is good; else what the server says of it, fit to be shown."""

    status: int
    content: dict = field(default_factory=dict, repr=False)
    said: str = ""


class AcledService:
    """What an account may read.

    A redirect is never followed: it could carry the password or the token to another host.
    """

    def __init__(self, session: requests.Session, account: Account, read_url: str, token_url: str):
        refuse_plain(read_url)
        refuse_plain(token_url)
        self._session, self._account = session, account
        self._read_url, self._token_url = read_url, token_url
        self._token: _Token | None = None
        self._secrets = [account.password]

    def read(self, query: Mapping[str, str]) -> dict:
        """The answer to a query, as it comes.

        Raises
        ------
        SahelError
            If the server cannot be reached, refuses the account, or reports that it failed.
        """
        return persistently(lambda: self._read(query), _KEPT)

    def _read(self, query: Mapping[str, str]) -> dict:
        if self._token is None:
            self._log_in()
        answer = self._get(query)
        if answer.status == 401:
            self._renew()
            answer = self._get(query)
        if answer.status != 200:
            raise _refused(self._read_url, "events", answer)
        content = answer.content
        # The answer has a status of its own beside that of HTTP; good ones say 200, 0 or nothing.
        own = str(content.get("status"))
        if content.get("success") is False or (own.isdecimal() and int(own) >= 400):
            raise SahelError(
                f"{shown(self._read_url)}: expected events, found the report of a failure"
                f"{self._said(content)}. Choose other countries or days, or try again later."
            )
        return content

    def _get(self, query: Mapping[str, str]) -> _Answer:
        token = self._token

        def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {token.access}"
            return request

        return self._answer("GET", self._read_url, bearer, params={"_format": "json", **query})

    def _log_in(self) -> None:
        account = self._account
        answer = self._ask_for_token(
            grant_type="password",
            scope="authenticated",
            username=account.username,
            password=account.password,
        )
        if answer.status in {400, 401}:
            raise SahelError(
                f"{shown(self._token_url)}: the account {account.username} is not accepted, or its "
                f"password is wrong (status {answer.status}){answer.said}. Correct ACLED_USERNAME "
                "and ACLED_PASSWORD, or what the keyring holds; try them at https://acleddata.com."
            )
        self._take(answer)

    def _renew(self) -> None:
        refresh, self._token = self._token.refresh, None
        if refresh is not None:
            answer = self._ask_for_token(grant_type="refresh_token", refresh_token=refresh)
            if answer.status == 200:
                self._take(answer)
                return
        self._log_in()

    def _ask_for_token(self, **form: str) -> _Answer:
        # Without an `auth` of its own, requests would take one from the user's .netrc.
        form["client_id"] = "acled"
        return self._answer("POST", self._token_url, lambda request: request, data=form)

    def _take(self, answer: _Answer) -> None:
        if answer.status != 200:
            raise _refused(self._token_url, "a token", answer)
        access = answer.content.get("access_token")
        if not isinstance(access, str) or not access.isascii():
            raise SahelError(f"{shown(self._token_url)}: expected a token, found none. {_MOVED}")
        refresh = answer.content.get("refresh_token")
        self._token = _Token(access, refresh if isinstance(refresh, str) else None)
        self._secrets += [self._token.access, self._token.refresh]

    def _answer(self, method: str, url: str, auth: Callable, **options) -> _Answer:
        headers = {"Accept": "application/json"}
        options |= {"auth": auth, "headers": headers, "allow_redirects": False}
        with send(self._session, method, url, **options) as response:
            status = response.status_code
            if status not in {200, 400, 401, 403, 404, 410}:
                check_status(response, _REMEDIES)
            text = whole_body(response, _MAX_BYTES)
        try:
            content = json.loads(text)
        except ValueError:
            content = None
        if status != 200:
            return _Answer(status, said=self._said(content))
        if not isinstance(content, dict):
            kind = scrub(response.headers.get("Content-Type", "no type"), ())
            raise Transient(
                f"{shown(url)}: expected a whole answer in JSON, found {len(text)} bytes of {kind} "
                "that are none or were cut off."
            )
        return _Answer(status, content)

    def _said(self, content: object) -> str:
        said = scrub(_message(content), self._secrets)
        return f": {said!r}" if said else ""


def _refused(url: str, expected: str, answer: _Answer) -> SahelError:
    remedy = _REMEDIES.get(answer.status, "Try again later.")
    return SahelError(
        f"{shown(url)}: expected {expected}, found status {answer.status}{answer.said}. {remedy}"
    )


def _message(answer: object) -> str:
    match answer:
        case str():
            return answer
        case list():
            return " ".join(filter(None, map(_message, answer)))
        case dict():
            names = ("message", "messages", "error_description", "error")
            return next(filter(None, (_message(answer.get(name)) for name in names)), "")
    return ""
