"""Downloading one public file: resumed where it was cut off, renamed only when it is right."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import requests

from sahel_transitions.errors import SahelError
from sahel_transitions.sources.fetching.connection import (
    Progress,
    Transient,
    check_status,
    open_session,
    persistently,
    pieces,
    send,
    shown,
)
from sahel_transitions.sources.fetching.partial import Partial, validator_of

MAX_BYTES = 1 << 30

_BY_HAND = "Open the address in a browser, save the file, and name its path instead."
_REMEDIES = {
    401: f"The server asks for an account, though the file was public. {_BY_HAND}",
    403: f"The server refuses this machine or network. {_BY_HAND}",
    404: "There is no such file: look on the website of the producer for where it is now.",
    410: "The file was withdrawn for good: choose another release.",
}
_KEPT = (
    "What has come, if anything, is kept: run the command again later, and it goes on from there. "
    "Without a way to the server, download the file in a browser elsewhere, and give its path as "
    "deaths_source or to `sahel data build --from`."
)


def download(
    url: str,
    target: Path,
    *,
    digest: str,
    max_bytes: int = MAX_BYTES,
    check: Callable[[Path], None] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download a file, unless it is there already.

    What comes is written to a hidden file beside the target, from which an interrupted download
    goes on; the target appears at once and whole, or not at all.

    Parameters
    ----------
    url : str
        Address of a public file.
    target : Path
        Where it goes; its folder is made. Another file there is replaced.
    digest : str
        What its content must have: `md5:` or `sha256:` and hexadecimal digits.
    max_bytes : int
        More than this is not accepted.
    check : callable, optional
        Called with the path of the whole file before it gets its name; raises to reject it.
    progress : callable, optional
        Called with the bytes that have come and, if the server says so, those to come in all.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    SahelError
        If the server does not give the file, gives another one, or the folder cannot be written.
    """
    partial = Partial(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file() and _digest(target, digest) == digest:
            return target
        with open_session() as session:

            def attempt() -> None:
                resumed = _receive(session, url, partial, max_bytes, progress)
                _check_digest(partial, digest, shown(url), resumed)

            persistently(attempt, _KEPT)
        if check is not None:
            _checked(partial, check)
        partial.path.replace(target)
        partial.discard()
        return target
    except OSError as error:
        reason = error.strerror
    raise SahelError(
        f"{target}: cannot be written ({reason}). Free space or rights in this folder, or choose "
        "another one."
    )


def _receive(
    session: requests.Session,
    url: str,
    partial: Partial,
    max_bytes: int,
    progress: Progress | None,
) -> bool:
    """Get the file, or the rest of it; whether it was the rest."""
    start, validator = partial.resumable()
    # A compressed transport would make the bytes on disk and the bytes to come incomparable.
    headers = {"Accept-Encoding": "identity"}
    if validator is not None:
        headers |= {"Range": f"bytes={start}-", "If-Range": validator}
    with send(session, "GET", url, headers=headers) as response:
        if response.status_code == 416:
            partial.discard()
            raise Transient(f"{shown(url)}: the file has changed since its beginning came.")
        check_status(response, _REMEDIES)
        _refuse_web_page(response)
        # Whether the rest belongs to the beginning, the hash will say.
        resumed = response.status_code == 206
        if not resumed:
            start = 0
            partial.begin(validator_of(response.headers))
        _append(response, partial, start, max_bytes, progress)
    return resumed


def _refuse_web_page(response: requests.Response) -> None:
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise SahelError(
            f"{shown(response.url)}: expected a data file, found a web page. The site may be under "
            f"maintenance, or a network login may stand between. {_BY_HAND}"
        )


def _append(
    response: requests.Response,
    partial: Partial,
    start: int,
    max_bytes: int,
    progress: Progress | None,
) -> None:
    length = response.headers.get("Content-Length", "")
    total = start + int(length) if length.isdecimal() else None
    done = total or start
    if done <= max_bytes:
        done = start
        with partial.path.open("ab") as file:
            for piece in pieces(response, decode=False):
                file.write(piece)
                done += len(piece)
                if done > max_bytes:
                    break
                if progress is not None:
                    progress(done, total)
    if done > max_bytes:
        partial.discard()
        raise SahelError(
            f"{shown(response.url)}: expected at most {max_bytes} bytes, found {done} or more. "
            "Nothing was kept. This is not the file that is known; look at the address in a "
            "browser."
        )


def _digest(path: Path, like: str) -> str:
    algorithm = like.partition(":")[0]
    with path.open("rb") as file:
        # The hash identifies a release, so machines that ban MD5 for security may compute it.
        made = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False))
    return f"{algorithm}:{made.hexdigest()}"


def _check_digest(partial: Partial, expected: str, where: str, resumed: bool) -> None:
    found = _digest(partial.path, expected)
    if found == expected:
        return
    partial.discard()
    sentence = f"{where}: expected a file with {expected}, found {found}. Nothing was kept."
    if resumed:
        # The two pieces may be of two files; the next attempt is of one.
        raise Transient(sentence)
    raise SahelError(
        f"{sentence} The producer may have changed the file: look for a note on its website."
    )


def _checked(partial: Partial, check: Callable[[Path], None]) -> None:
    try:
        check(partial.path)
    except SahelError:
        partial.discard()
        raise
