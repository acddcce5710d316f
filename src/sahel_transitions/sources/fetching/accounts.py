"""The user's own account: from the environment or the keyring of the system, never shown.

A password is never an argument of a command: it would stand in the history of the shell and in
the list of processes.
"""

import html
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from sahel_transitions.errors import Refusal

_SERVICE = "acled"
_LONGEST = 200


@dataclass(frozen=True)
class Account:
    """An account; its password is in no text that is made of it."""

    username: str
    password: str = field(repr=False)


def acled_account(environment: Mapping[str, str] = os.environ) -> Account:
    """The user's ACLED account.

    `ACLED_USERNAME` and `ACLED_PASSWORD` come first; what is not set is looked for in the keyring
    of the system, service "acled".

    Raises
    ------
    Refusal
        If there is none; it says how to give one.
    """
    username = environment.get("ACLED_USERNAME") or None
    password = environment.get("ACLED_PASSWORD") or None
    if username is None or password is None:
        username, password = _from_keyring(username)
    if username is None or password is None:
        raise Refusal(
            "Refused: ACLED gives its data to registered users only, and no account was found. "
            "Set the variables ACLED_USERNAME and ACLED_PASSWORD; or set ACLED_USERNAME and store "
            "the password once with `keyring set acled <username>`. Register at "
            "https://acleddata.com."
        )
    return Account(username, password)


def _from_keyring(username: str | None) -> tuple[str | None, str | None]:
    # A machine may have no keyring, or one that is locked or broken in its own way; then there is
    # no account in it, which the caller says.
    try:
        import keyring  # noqa: PLC0415 - looks for the system's services when it is imported

        if username is not None:
            return username, keyring.get_password(_SERVICE, username)
        found = keyring.get_credential(_SERVICE, None)
        return (found.username, found.password) if found else (None, None)
    except Exception:
        return username, None


def scrub(text: str, secrets: Iterable[str | None]) -> str:
    """One line of at most 200 characters, without the secrets in any of their spellings."""
    spellings = set()
    for secret in filter(None, secrets):
        spellings |= {
            secret,
            quote(secret, safe=""),
            quote(secret),
            quote_plus(secret),
            html.escape(secret),
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
        }
    # The longest first: a part of a spelling may be a spelling itself.
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, "[hidden]")
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
