"""A small server on 127.0.0.1 that says what a test scripts, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict
    form: dict
    headers: dict


@dataclass(frozen=True)
class Answer:
    """What to say; `cut` closes the connection after so many bytes, the delays are seconds."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0
    delay_after: float = 0
    chunked: bool = False


Script = Answer | Callable[[Asked], Answer]


class LocalServer:
    """Answers by path: each script is used once, the last for ever; a callable may decide."""

    def __init__(self):
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self._scripts: dict[str, list[Script]] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.local = self
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()

    def script(self, path: str, *scripts: Script) -> str:
        """Say what is answered at a path; the address of it."""
        self._scripts[path] = list(scripts)
        return self.url + path

    def asked_at(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path == path]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        scripts = self._scripts.get(asked.path, [Answer(404)])
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        return script if isinstance(script, Answer) else script(asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self):
        with suppress(ConnectionError):  # the client may have given up
            super().handle()

    def do_GET(self):
        parts = urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query)),
            dict(parse_qsl(form)),
            dict(self.headers),
        )
        answer = self.server.local.answer(asked)
        self.server.local.stopping.wait(answer.delay)
        self._say(answer)

    do_POST = do_GET

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = answer.body
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.cut is not None:
            body, self.close_connection = body[: answer.cut], True
        self.wfile.write(body)
        self.server.local.stopping.wait(answer.delay_after)

    def log_message(self, *_):
        """Nothing: what a server logs is no part of a test."""


def as_json(content, status=200, **options) -> Answer:
    return Answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"}, **options)  # fmt: skip


def ranged(body: bytes, etag: str) -> Callable[[Asked], Answer]:
    """A file on a server that can go on where a download was cut off."""

    def answer(asked: Asked) -> Answer:
        headers = {"Content-Type": "application/zip", "ETag": etag}
        if "Range" not in asked.headers or asked.headers.get("If-Range") != etag:
            return Answer(200, body, headers)
        start = int(asked.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        place = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Answer(206, body[start:], {**headers, "Content-Range": place})

    return answer


class AcledDouble:
    """The protocol of ACLED: tokens for one account, and its events page by page."""

    def __init__(self, server: LocalServer, account, events: list[dict]):
        self._account, self.events = account, events
        self.tokens: list[str] = []
        self.valid_for = 10**6
        self.token_url = server.script("/oauth/token", self.give_token)
        self.read_url = server.script("/api/acled/read", self.give_page)

    def give_token(self, asked: Asked) -> Answer:
        form = asked.form
        by_password = (form.get("username"), form.get("password")) == (
            self._account.username,
            self._account.password,
        )
        by_refresh = bool(self.tokens) and form.get("refresh_token") == f"re{self.tokens[-1]}"
        if form.get("client_id") != "acled" or not (by_password or by_refresh):
            said = f"Wrong credentials {form.get('password')}"
            return as_json({"error": "invalid_grant", "error_description": said}, 401)
        self.tokens.append(f"secret-token-{len(self.tokens)}")
        self._left = self.valid_for
        return as_json(
            {
                "token_type": "Bearer",
                "expires_in": 86400,
                "access_token": self.tokens[-1],
                "refresh_token": f"re{self.tokens[-1]}",
            }
        )

    def give_page(self, asked: Asked) -> Answer:
        token = self.tokens[-1] if self.tokens else None
        if asked.headers.get("Authorization") != f"Bearer {token}" or not self._left:
            return as_json({"message": f"Expired: {asked.headers.get('Authorization')}"}, 401)
        self._left -= 1
        first, last = asked.query["event_date"].split("|")
        found = [
            event
            for event in self.events
            if event["country"] == asked.query["country"] and first <= event["event_date"] <= last
        ]
        size, number = int(asked.query["limit"]), int(asked.query["page"])
        rows = found[size * (number - 1) : size * number]
        content = {"status": 200, "success": True, "data": rows, "messages": []}
        if asked.query.get("with_total") == "true":
            content |= {"count": len(rows), "total_count": len(found)}
        return as_json(content)
