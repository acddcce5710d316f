"""Asking a server: time-outs, retries with growing waits, and failures as sentences.

No exception of a library goes on from here, nor is one kept as the context of another: its text
may hold an address with its query, and what it points to a header or a form.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from sahel_transitions import __version__
from sahel_transitions.errors import Refusal, SahelError

# Seconds to connect, and seconds without a byte.
TIMEOUT = (10.0, 60.0)
# Waits of 0, 2, 4, 8 and 16 seconds, if the server does not name its own.
RETRIES = Retry(total=5, backoff_factor=1)
LONGEST_WAIT = 120.0

Progress = Callable[[int, int | None], None]
Result = TypeVar("Result")

_CHUNK = 1 << 16
_MAX_REDIRECTS = 5
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_OTHERWISE = "Try again later; if it stays so, the address or the service has changed."


class Transient(Exception):
    """A failure that may pass: the sentence for it, and the answer, which may name a wait."""

    def __init__(self, sentence: str, response: requests.Response | None = None):
        super().__init__(sentence)
        self.response = response


def open_session() -> requests.Session:
    """A session that says who asks and follows few redirects."""
    session = requests.Session()
    session.headers["User-Agent"] = f"sahel-transitions/{__version__}"
    session.max_redirects = _MAX_REDIRECTS
    return session


def shown(url: str) -> str:
    """An address without what may be secret in it: no user, no query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def refuse_plain(url: str) -> None:
    """Refuse to send a secret over an unencrypted connection that leaves this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise Refusal(
            f"Refused: {shown(url)} is not encrypted, and a password would be sent there. "
            "Use an address that begins with https://."
        )


def persistently(attempt: Callable[[], Result], advice: str = "Try again later.") -> Result:
    """Call `attempt` until it succeeds, as long as its failures may pass and tries are left."""
    retries = RETRIES
    while True:
        try:
            return attempt()
        except Transient as error:
            trouble = error
        except SahelError as error:
            final = error
            break
        tries = len(retries.history) + 1
        try:
            retries = retries.increment()
        except urllib3.exceptions.MaxRetryError:
            final = SahelError(f"{trouble} Tried {tries} times. {advice}")
            break
        time.sleep(_wait(retries, trouble.response))
    # The frames below hold forms and headers: they do not go on with the exception.
    raise final.with_traceback(None)


def _wait(retries: Retry, response: requests.Response | None) -> float:
    named = None
    if response is not None:
        try:
            named = retries.get_retry_after(response)
        except urllib3.exceptions.InvalidHeader:
            named = None
    return min(retries.get_backoff_time() if named is None else named, LONGEST_WAIT)


def send(session: requests.Session, method: str, url: str, **options) -> requests.Response:
    """Send a request; its body is left to `pieces`.

    Raises
    ------
    Transient
        If there is no connection, or no answer in time.
    SahelError
        If the request cannot succeed later either.
    """
    try:
        return session.request(method, url, timeout=TIMEOUT, stream=True, **options)
    except requests.RequestException as error:
        trouble = _explained(error, shown(url))
    raise trouble


def _explained(error: requests.RequestException, where: str) -> Exception:
    match error:
        case requests.exceptions.SSLError():
            return SahelError(
                f"{where}: the certificate of the server cannot be verified. Check the clock of "
                "this machine, and whether a proxy stands between; REQUESTS_CA_BUNDLE may name "
                "the certificates of your institution."
            )
        case requests.exceptions.ProxyError():
            return SahelError(
                f"{where}: the proxy cannot be used. Correct HTTPS_PROXY, or unset it."
            )
        case requests.ConnectTimeout():
            return Transient(f"{where}: no connection within {TIMEOUT[0]:g} seconds.")
        case requests.Timeout():
            return Transient(_silent(where))
        case requests.ConnectionError():
            return Transient(f"{where}: the connection failed or was closed without an answer.")
        case requests.TooManyRedirects():
            return SahelError(
                f"{where}: expected a file, found more than {_MAX_REDIRECTS} redirects. {_OTHERWISE}"
            )
    return SahelError(
        f"{where}: the request cannot be made ({type(error).__name__}). Correct the address."
    )


def _silent(where: str) -> str:
    return f"{where}: the server was silent for {TIMEOUT[1]:g} seconds."


def check_status(response: requests.Response, remedies: Mapping[int, str]) -> None:
    """Raise unless the answer is good; `remedies` say what to do about a status."""
    status = response.status_code
    where = shown(response.url)
    if status in _PASSING:
        raise Transient(f"{where}: expected a file or data, found status {status}.", response)
    if status not in {200, 206}:
        remedy = remedies.get(status, _OTHERWISE)
        raise SahelError(f"{where}: expected a file or data, found status {status}. {remedy}")


def pieces(response: requests.Response, *, decode: bool) -> Iterator[bytes]:
    """The body as it comes; `decode` undoes a compression of the transport."""
    where = shown(response.url)
    try:
        yield from response.raw.stream(_CHUNK, decode_content=decode)
        return
    except urllib3.exceptions.ReadTimeoutError:
        trouble = Transient(_silent(where))
    except urllib3.exceptions.HTTPError:
        trouble = Transient(f"{where}: the answer was cut off before its end.")
    raise trouble


def whole_body(response: requests.Response, max_bytes: int) -> bytes:
    """The body of an answer that fits into memory."""
    body = bytearray()
    for piece in pieces(response, decode=True):
        body += piece
        if len(body) > max_bytes:
            raise SahelError(
                f"{shown(response.url)}: expected at most {max_bytes} bytes, found more. "
                f"Nothing of it is used. {_OTHERWISE}"
            )
    return bytes(body)
