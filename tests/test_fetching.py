"""Fetching over a network that fails: what is kept, what is said, and what is never shown."""

import csv
import hashlib
import html
import io
import itertools
import json
import logging
import os
import subprocess
import sys
import traceback
import zipfile
from datetime import date

import pytest
import requests
from local_server import AcledDouble, Answer, LocalServer, as_json, ranged

from sahel_transitions.errors import Refusal, SahelError
from sahel_transitions.sources.fetching import (
    Account,
    acled_account,
    check_zip,
    connection,
    download,
    fetch_acled,
    fetch_ged,
)
from sahel_transitions.sources.fetching.accounts import scrub
from sahel_transitions.sources.fetching.acled_names import acled_name

# With signs that look different in a form, in an address, in JSON and in HTML.
PASSWORD = 'pä$$ "wörd"&/+7f3a'
SECRETS = (PASSWORD, "secret-token", "resecret-token")
FIRST, LAST = date(2017, 1, 1), date(2023, 12, 31)


def zipped(size=300_000, seed=b"GED") -> bytes:
    """An archive as large as its random content, the same at each call."""
    blocks = (hashlib.sha256(seed + str(i).encode()).digest() for i in itertools.count())
    content = b"".join(itertools.islice(blocks, size // 32))
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("ged.csv"), content)
    return packed.getvalue()


def event(number, country="Mali", **changed) -> dict:
    return {
        "event_id_cnty": f"{country[:3].upper()}{number}",
        "event_date": f"2020-01-{number % 28 + 1:02}",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Military Forces",
        "country": country,
        "notes": 'He said: "no",\nthen é',
        "fatalities": number,
    } | changed


GED = zipped()
MD5 = hashlib.md5(GED).hexdigest()
MALI = [event(number) for number in range(7)]
BURKINA = [event(number, "Burkina Faso") for number in range(3)]


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """The waits between attempts, which are not waited."""
    waited = []
    monkeypatch.setattr(connection.time, "sleep", waited.append)
    return waited


@pytest.fixture
def impatient(monkeypatch):
    """A time-out that a test can wait for, twice."""
    monkeypatch.setattr(connection, "TIMEOUT", (5.0, 0.2))
    monkeypatch.setattr(connection, "RETRIES", connection.RETRIES.new(total=1))


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


@pytest.fixture
def account():
    return Account("maria@example.org", PASSWORD)


@pytest.fixture
def acled(server, account):
    return AcledDouble(server, account, MALI + BURKINA)


@pytest.fixture(autouse=True)
def no_secret_is_left(tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    yield
    shown = [*capfd.readouterr(), caplog.text]
    shown += [path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    shown += [str(path) for path in tmp_path.rglob("*")]
    for secret in (*SECRETS, PASSWORD.encode().decode("latin-1")):
        assert not [text for text in shown if secret in text]


@pytest.fixture
def ged(server, tmp_path):
    def fetch(*scripts, release="24.1", md5=MD5, progress=None):
        server.script("/ged241-csv.zip", *scripts)
        return fetch_ged(release, tmp_path, md5=md5, base_url=server.url, progress=progress)

    return fetch


@pytest.fixture
def events(acled, account, tmp_path):
    def fetch(countries=("MLI", "BFA"), **options):
        urls = {"base_url": acled.read_url, "token_url": acled.token_url}
        options = {"account": account, "page_size": 3, **urls, **options}
        return fetch_acled(countries, FIRST, LAST, tmp_path, **options)

    return fetch


def failure(call, *arguments, kind=SahelError, **options) -> str:
    """The sentence of an error; nothing that a traceback could print holds a secret."""
    with pytest.raises(kind) as raised:
        call(*arguments, **options)
    error = raised.value
    assert type(error) is kind
    assert error.__context__ is None
    below = error.__traceback__.tb_next
    printed = traceback.TracebackException(type(error), error, below, capture_locals=True)
    text = "".join(printed.format())
    for secret in SECRETS:
        assert secret not in text
    return str(error)


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows(path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


# UCDP


def test_a_release_is_fetched_as_it_is(ged, tmp_path):
    told = []
    path = ged(Answer(200, GED), progress=lambda done, total: told.append((done, total)))
    assert path == tmp_path / "ged241-csv.zip"
    assert path.read_bytes() == GED
    assert told[-1] == (len(GED), len(GED))
    assert files(tmp_path) == ["ged241-csv.zip"]


def test_a_release_that_is_there_is_not_fetched_again(ged, server):
    ged(Answer(200, GED))
    ged(Answer(500))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("release", "md5", "said"),
    [
        ("25.2", None, "the nearest valid name is '25.1'"),
        ("24.1", None, "Known are 25.1, 26.1; for 24.1, give the MD5 of the archive with --md5"),
        ("24.1", "1a2b", "expects 32 hexadecimal digits, found '1a2b'"),
        ("25.1", "0" * 32, "has the MD5 e0cbca5638e21ab1e3136056d65b1faf"),
    ],
)
def test_a_release_or_hash_that_is_not_known_is_refused(ged, server, release, md5, said):
    assert said in failure(ged, Answer(200, GED), release=release, md5=md5, kind=Refusal)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "asks for an account"),
        (403, "refuses this machine"),
        (404, "look on the website"),
        (410, "withdrawn for good"),
        (418, "status 418"),
    ],
)
def test_a_refusal_of_the_server_is_not_asked_again(ged, server, tmp_path, status, said):
    assert said in failure(ged, Answer(status))
    assert len(server.asked) == 1
    assert files(tmp_path) == []


def test_a_server_that_fails_twice_is_asked_a_third_time(ged, waits):
    assert ged(Answer(500), Answer(502), Answer(200, GED)).read_bytes() == GED
    assert waits == [0, 2]


def test_a_server_that_always_fails_is_left_alone(ged, server, tmp_path):
    assert "status 500. Tried 6 times" in failure(ged, Answer(500))
    assert len(server.asked) == 6
    assert files(tmp_path) == []


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("named", "waited"),
    [("7", 7), ("86400", connection.LONGEST_WAIT), ("soon", 0), ("Thu, 01 Jan 2015 00:00:00 GMT", 0)],
)  # fmt: skip
def test_the_wait_that_a_server_names_is_kept(ged, waits, status, named, waited):
    ged(Answer(status, headers={"Retry-After": named}), Answer(200, GED))
    assert waits == [waited]


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_is_cut_off_is_resumed(ged, server, chunked):
    cut = Answer(200, GED, {"ETag": '"one"'}, cut=200_000, chunked=chunked)
    assert ged(cut, ranged(GED, '"one"')).read_bytes() == GED
    second = server.asked[1].headers
    start = int(second["Range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 200_000
    assert second["If-Range"] == '"one"'


def test_the_next_call_goes_on_from_what_is_kept(ged, server, tmp_path):
    cut = Answer(200, GED, {"ETag": '"one"'}, cut=200_000)
    said = failure(ged, cut, Answer(500))
    assert "goes on from there" in said
    assert files(tmp_path) == [".ged241-csv.zip.part", ".ged241-csv.zip.part.note"]
    kept = (tmp_path / ".ged241-csv.zip.part").stat().st_size
    assert ged(ranged(GED, '"one"')).read_bytes() == GED
    assert server.asked[-1].headers["Range"] == f"bytes={kept}-"
    assert files(tmp_path) == ["ged241-csv.zip"]


OTHER = zipped(seed=b"corrected")


@pytest.mark.parametrize(
    "second",
    [
        Answer(200, GED),
        ranged(GED, '"two"'),
        Answer(206, OTHER[200_000:], {"ETag": '"two"'}),
        Answer(206, GED[9:], {"ETag": '"one"'}),
        Answer(416),
    ],
    ids=["no ranges", "file changed", "If-Range ignored", "another place", "no such place"],
)
def test_what_does_not_go_on_is_begun_anew(ged, second):
    told = []
    cut = Answer(200, GED, {"ETag": '"one"'}, cut=200_000)
    path = ged(cut, second, Answer(200, GED), progress=lambda *numbers: told.append(numbers))
    assert path.read_bytes() == GED
    assert told[-1] == (len(GED), len(GED))


def test_without_a_validator_nothing_is_resumed(ged, server):
    ged(Answer(200, GED, {"ETag": 'W/"weak"'}, cut=200_000), Answer(200, GED))
    assert "Range" not in server.asked[1].headers


def test_a_wrong_hash_leaves_nothing(ged, server, tmp_path):
    said = failure(ged, Answer(200, OTHER))
    assert f"expected a file with md5:{MD5}" in said
    assert f"found md5:{hashlib.md5(OTHER).hexdigest()}" in said
    assert files(tmp_path) == []
    assert len(server.asked) == 1


def test_a_web_page_is_no_archive(ged, tmp_path):
    page = Answer(200, b"<html>", {"Content-Type": "text/html; charset=utf-8"})
    assert "expected a data file, found a web page" in failure(ged, page)
    assert files(tmp_path) == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "endless",
    [
        Answer(200, b"1" * 999_999, chunked=True, cut=200_000, delay_after=30),
        Answer(200, b"1" * 999_999, cut=0, delay_after=30),
    ],
    ids=["comes", "is announced"],
)
def test_what_exceeds_the_limit_is_left_there(server, tmp_path, endless):
    url = server.script("/large.csv", endless)
    digest = f"sha256:{'0' * 64}"
    said = failure(download, url, tmp_path / "large.csv", digest=digest, max_bytes=70_000)
    assert "at most 70000 bytes" in said
    assert files(tmp_path) == []


@pytest.mark.usefixtures("impatient")
def test_a_silent_server_is_given_up(ged, tmp_path):
    said = failure(ged, Answer(200, GED, delay=30))
    assert "silent for 0.2 seconds. Tried 2 times" in said
    assert files(tmp_path) == []


@pytest.mark.usefixtures("impatient")
def test_a_server_that_falls_silent_midway_is_asked_for_the_rest(ged, server):
    silent = Answer(200, GED, {"ETag": '"one"'}, cut=200_000, delay_after=30)
    assert ged(silent, ranged(GED, '"one"')).read_bytes() == GED
    assert "Range" in server.asked[1].headers


def test_a_closed_port_is_said(tmp_path):
    with LocalServer() as gone:
        pass
    said = failure(fetch_ged, "26.1", tmp_path, base_url=gone.url)
    assert "the connection failed" in said


def test_a_redirect_to_the_file_is_followed(ged, server):
    server.script("/moved.zip", Answer(200, GED))
    assert ged(Answer(302, headers={"Location": "/moved.zip"})).read_bytes() == GED


def test_redirects_without_end_are_said(ged, server):
    said = failure(ged, Answer(302, headers={"Location": "/ged241-csv.zip"}))
    assert "found more than 5 redirects" in said
    assert len(server.asked) == 6


def test_a_killed_download_has_no_name_yet(ged, tmp_path):
    def killed(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ged(Answer(200, GED, {"ETag": '"one"'}), progress=killed)
    assert "ged241-csv.zip" not in files(tmp_path)
    assert ged(ranged(GED, '"one"')).read_bytes() == GED


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "data").write_text("a file")
    assert "cannot be written" in failure(fetch_ged, "26.1", tmp_path / "data" / "raw")


def test_a_full_disk_is_said(ged, tmp_path):
    resource = pytest.importorskip("resource", reason="sets a limit as POSIX has it")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        said = failure(ged, Answer(200, GED))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cannot be written (File too large)" in said
    assert "ged241-csv.zip" not in files(tmp_path)


def bomb() -> bytes:
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ged.csv", b"0" * 2_000_000)
    return packed.getvalue()


def lying_bomb() -> bytes:
    """The same, declaring one byte."""
    return bomb().replace((2_000_000).to_bytes(4, "little"), (1).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(), "found 2000000 or more"),
        (lying_bomb(), "damaged"),
        (GED[:-40_000], "damaged"),
        (GED[:1000] + b"\0" * 50 + GED[1050:], "damaged"),
        (b"not an archive", "damaged"),
        (b"", "damaged"),
    ],
    ids=["bomb", "lying bomb", "cut off", "changed", "no archive", "empty"],
)
def test_an_unsound_archive_is_refused_though_its_hash_is_right(ged, tmp_path, content, said):
    md5 = hashlib.md5(content).hexdigest()
    assert said in failure(ged, Answer(200, content), md5=md5, kind=Refusal)
    assert files(tmp_path) == []


@pytest.mark.parametrize(("max_bytes", "max_ratio"), [(1_999_999, 10**6), (10**9, 100)])
def test_an_archive_is_measured_against_both_limits(tmp_path, max_bytes, max_ratio):
    path = tmp_path / "bomb.zip"
    path.write_bytes(bomb())
    check_zip(path, max_bytes=2_000_000, max_ratio=10**6)
    failure(check_zip, path, max_bytes=max_bytes, max_ratio=max_ratio, kind=Refusal)


# ACLED


def test_events_come_page_by_page_into_one_table(events, server, tmp_path):
    told = []
    path = events(progress=lambda done, total: told.append(done))
    assert rows(path) == [{k: str(v) for k, v in each.items()} for each in MALI + BURKINA]
    assert list(rows(path)[0]) == list(MALI[0])
    assert told == [3, 6, 7, 10]
    assert path.name.startswith("acled_MLI-BFA_2017-01-01_2023-12-31_fetched_")
    assert files(tmp_path) == [path.name]
    asked = server.asked_at("/api/acled/read")
    assert [each.query["page"] for each in asked] == ["1", "2", "3", "1"]
    assert asked[0].query == {
        "_format": "json",
        "country": "Mali",
        "event_date": "2017-01-01|2023-12-31",
        "event_date_where": "BETWEEN",
        "limit": "3",
        "page": "1",
        "with_total": "true",
    }


def test_the_password_goes_into_the_form_and_nowhere_else(events, server):
    events()
    login, *reads = server.asked
    assert login.method == "POST"
    assert login.form["password"] == PASSWORD
    assert login.form["grant_type"] == "password"
    assert login.query == {}
    assert {each.headers["Authorization"] for each in reads} == {"Bearer secret-token-0"}


@pytest.mark.skipif(os.name != "posix", reason="modes as POSIX has them")
def test_the_table_and_the_kept_pages_are_for_the_user_alone(events, acled, server, tmp_path):
    server.script("/api/acled/read", acled.give_page, Answer(500))
    failure(events)
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}
    server.script("/api/acled/read", acled.give_page)
    assert events().stat().st_mode & 0o777 == 0o600


def test_a_server_that_does_not_count_is_read_to_its_last_page(events, acled, server):
    def uncounted(asked):
        content = json.loads(acled.give_page(asked).body)
        return as_json({"success": True, "data": content["data"]})

    server.script("/api/acled/read", uncounted)
    assert len(rows(events())) == 10


def test_an_interrupted_fetch_goes_on_with_the_page_that_lacks(events, acled, server, tmp_path):
    server.script("/api/acled/read", acled.give_page, acled.give_page, Answer(500))
    assert "it goes on" in failure(events)
    assert not list(tmp_path.glob("*.csv"))
    before = len(server.asked_at("/api/acled/read"))
    server.script("/api/acled/read", acled.give_page)
    assert len(rows(events())) == 10
    again = server.asked_at("/api/acled/read")[before:]
    assert [(each.query["country"], each.query["page"]) for each in again] == [
        ("Mali", "3"),
        ("Burkina Faso", "1"),
    ]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"events": []}'])
def test_a_kept_page_that_is_damaged_is_fetched_anew(events, acled, server, tmp_path, damage):
    server.script("/api/acled/read", acled.give_page, Answer(500))
    failure(events)
    (page,) = tmp_path.glob(".acled-*.pages/*.json")
    page.write_text(damage)
    server.script("/api/acled/read", acled.give_page)
    assert len(rows(events())) == 10


def test_pages_of_another_query_or_of_yesterday_are_not_used(events, acled, server, tmp_path):
    server.script("/api/acled/read", acled.give_page, Answer(500))
    failure(events)
    (kept,) = tmp_path.iterdir()
    server.script("/api/acled/read", acled.give_page)
    events(countries=["MLI"])
    assert kept.is_dir()
    os.utime(kept, (0, 0))
    before = len(server.asked)
    events()
    assert server.asked_at("/api/acled/read")[-4].query["page"] == "1"
    assert len(server.asked) == before + 5
    assert not kept.exists()


def test_a_killed_fetch_has_no_name_yet(events, tmp_path):
    def killed(done, total):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        events(progress=killed)
    assert not list(tmp_path.glob("*.csv"))
    assert len(rows(events())) == 10


def test_a_wrong_password_is_asked_once_and_not_repeated(events, server, tmp_path):
    said = failure(events, account=Account("maria@example.org", "resecret-token"))
    assert "maria@example.org is not accepted" in said
    assert "Wrong credentials [hidden]" in said
    assert len(server.asked) == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("content", [{}, {"access_token": None}, {"access_token": "clé"}])
def test_an_answer_without_a_token_is_said(events, server, content):
    server.script("/oauth/token", as_json(content))
    assert "expected a token, found none" in failure(events)


@pytest.mark.parametrize("refresh", [True, False])
def test_a_token_that_expires_is_renewed(events, acled, server, refresh):
    acled.valid_for = 2
    if not refresh:
        acled.token_url = server.script(
            "/oauth/token", acled.give_token, as_json({"error": "invalid_grant"}, 400),
            acled.give_token, as_json({"error": "invalid_grant"}, 400), acled.give_token,
        )  # fmt: skip
    assert len(rows(events())) == 10
    grants = [each.form["grant_type"] for each in server.asked_at("/oauth/token")]
    assert grants[:2] == ["password", "refresh_token"]
    assert grants.count("password") == (1 if refresh else 2)


def test_a_token_that_is_never_accepted_is_said(events, server):
    server.script("/api/acled/read", as_json({"message": "No: Bearer secret-token-1"}, 401))
    said = failure(events)
    assert "status 401: 'No: Bearer [hidden]'" in said
    assert len(server.asked) == 4


@pytest.mark.parametrize("path", ["/api/acled/read", "/oauth/token"])
@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "accept its terms"), (404, "has moved"), (410, "has moved"), (418, "status 418")],
)
def test_a_refusal_of_acled_says_what_to_do(events, server, path, status, said):
    server.script(path, as_json({"message": "Access denied"}, status))
    assert said in failure(events)
    assert len(server.asked_at(path)) == 1


@pytest.mark.parametrize("path", ["/api/acled/read", "/oauth/token"])
def test_acled_is_waited_for(events, acled, server, waits, path):
    good = acled.give_page if "read" in path else acled.give_token
    server.script(path, Answer(429, headers={"Retry-After": "9"}), Answer(500), good)
    assert len(rows(events())) == 10
    assert waits == [9, 2]


@pytest.mark.parametrize("path", ["/api/acled/read", "/oauth/token"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500), "status 500. Tried 6 times"),
        (
            Answer(200, b'{"success": true, "data": [{"ev'),
            "that are none or were cut off. Tried 6 times",
        ),
        (Answer(200, b'{"success": true}', cut=9), "cut off before its end"),
        (Answer(200, b"<html>", {"Content-Type": "text/html"}), "6 bytes of text/html"),
    ],
    ids=["500", "half of JSON", "cut off", "web page"],
)
def test_an_answer_that_stays_bad_is_said(events, server, tmp_path, path, answer, said):
    server.script(path, answer)
    assert said in failure(events)
    assert files(tmp_path) == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("path", ["/api/acled/read", "/oauth/token"])
def test_a_silent_acled_is_given_up(events, server, path):
    server.script(path, Answer(delay=30))
    assert "silent for 0.2 seconds" in failure(events)


def test_a_page_that_was_cut_off_once_is_asked_again(events, acled, server):
    server.script("/api/acled/read", Answer(200, b'{"data": [', cut=5), acled.give_page)
    assert len(rows(events())) == 10


def test_neither_password_nor_token_follows_a_redirect(events, server):
    with LocalServer() as other:
        for path in ("/api/acled/read", "/oauth/token"):
            away = Answer(307, headers={"Location": f"{other.url}{path}"})
            server.script(path, away)
            assert "status 307" in failure(events)
        assert other.asked == []


def test_a_netrc_of_the_user_does_not_replace_the_token(events, server, tmp_path, monkeypatch):
    netrc = tmp_path.parent / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    events()
    assert "Authorization" not in server.asked[0].headers
    assert server.asked[1].headers["Authorization"] == "Bearer secret-token-0"


@pytest.mark.parametrize("name", ["base_url", "token_url"])
def test_a_password_is_never_sent_unencrypted(events, tmp_path, name):
    said = failure(events, **{name: "http://user:pw@acleddata.com/x?key=y"}, kind=Refusal)
    assert "http://acleddata.com/x is not encrypted" in said
    assert files(tmp_path) == []


def changed(acled, number, change):
    """Pages as ACLED gives them, the one of this number changed."""

    def give(asked):
        content = json.loads(acled.give_page(asked).body)
        if int(asked.query["page"]) == number:
            change(content)
        return as_json(content)

    return give


def renamed(content):
    for row in content["data"]:
        row["deaths"] = row.pop("fatalities")


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (1, renamed, "expected the column 'fatalities', found none"),
        (2, renamed, "'fatalities' lacking and 'deaths' added"),
        (2, lambda page: page.update(data=MALI[:3]), "expected each event once, found 'MAL0'"),
        (2, lambda page: page.update(data=[]), "expected 7 events, found 3 on 2 pages"),
        (2, lambda page: page.update(data=[event(9, "Malawi")]), "found one in 'Malawi'"),
        (2, lambda page: page.update(data=[event(9, event_date="2016-12-31")]), "'2016-12-31'"),
        (1, lambda page: page.update(data=page["data"][:2]), "expected 3 events on page 1, found 2"),
        (1, lambda page: page.update(data={"MAL0": {}}), "expected a list of events"),
        (1, lambda page: page.update(data=[], count=0, total_count=0), "found none"),
        (1, lambda page: page.update(success=False, messages=["No key"]), "failure: 'No key'"),
        (1, lambda page: page.update(success=False, error={"message": "No"}), "failure: 'No'"),
        (1, lambda page: page.update(status=500), "report of a failure"),
        (
            1,
            lambda page: page.update(data_query_restrictions={"date_recency": {"date": "2022-05-04"}}),
            "sees none after 2022-05-04",
        ),
    ],
    ids=["column lacks", "columns change", "page repeated", "page empty", "other country",
         "other time", "miscounted", "no list", "no event", "messages", "error", "status",
         "embargo"],
)  # fmt: skip
def test_data_that_cannot_be_meant_are_not_written(
    events, acled, server, tmp_path, number, change, said
):
    server.script("/api/acled/read", changed(acled, number, change))
    assert said in failure(events)
    assert files(tmp_path) == []
    server.script("/api/acled/read", acled.give_page)
    assert len(rows(events())) == 10


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"countries": []}, "one country or more"),
        ({"countries": ["Mali"]}, "which is MLI; found 'Mali'"),
        ({"countries": ["QQQ"]}, "such as MLI or BFA; found 'QQQ'"),
        ({"page_size": 5001}, "1 to 5000 events"),
    ],
)
def test_a_query_that_cannot_be_asked_is_refused(events, server, options, said):
    assert said in failure(events, **options, kind=Refusal)
    assert server.asked == []


def test_days_in_the_wrong_order_are_refused(account, tmp_path):
    said = failure(fetch_acled, ["MLI"], LAST, FIRST, tmp_path, account=account, kind=Refusal)
    assert "2023-12-31, is after the last, 2017-01-01" in said


def test_a_folder_that_cannot_be_made_is_said_for_acled(account, tmp_path):
    (tmp_path / "data").write_text("a file")
    folder = tmp_path / "data" / "raw"
    assert "cannot be written" in failure(fetch_acled, ["MLI"], FIRST, LAST, folder, account=account)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("MLI", "Mali"),
        ("BFA", "Burkina Faso"),
        ("CIV", "Ivory Coast"),
        ("COD", "Democratic Republic of Congo"),
        ("COG", "Republic of Congo"),
        ("CPV", "Cape Verde"),
        ("TZA", "Tanzania"),
    ],
)
def test_a_country_has_the_name_that_acled_gives_it(code, name):
    assert acled_name(code) == name


# Accounts


class FakeKeyring:
    def __init__(self, **stored):
        self.stored = stored

    def get_password(self, service, username):
        assert service == "acled"
        return self.stored.get(username)

    def get_credential(self, service, username):
        assert (service, username) == ("acled", None)
        return Account(*next(iter(self.stored.items()))) if self.stored else None


class BrokenKeyring:
    def get_password(self, service, username):
        raise RuntimeError(f"the bus is gone, and {PASSWORD} with it")

    get_credential = get_password


BOTH = {"ACLED_USERNAME": "maria", "ACLED_PASSWORD": PASSWORD}


@pytest.mark.parametrize(
    ("environment", "keyring"),
    [
        (BOTH, BrokenKeyring()),
        (BOTH, FakeKeyring(maria="of the keyring")),
        ({"ACLED_USERNAME": "maria"}, FakeKeyring(other="no", maria=PASSWORD)),
        ({}, FakeKeyring(maria=PASSWORD)),
        ({"ACLED_USERNAME": "", "ACLED_PASSWORD": ""}, FakeKeyring(maria=PASSWORD)),
    ],
)
def test_an_account_comes_from_the_environment_or_the_keyring(monkeypatch, environment, keyring):
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert acled_account(environment) == Account("maria", PASSWORD)


@pytest.mark.parametrize("keyring", [FakeKeyring(), BrokenKeyring(), None])
@pytest.mark.parametrize("environment", [{}, {"ACLED_USERNAME": "maria"}, {"ACLED_PASSWORD": "x"}])
def test_a_missing_account_says_how_to_give_one(monkeypatch, environment, keyring):
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    said = failure(acled_account, environment, kind=Refusal)
    assert "ACLED_USERNAME and ACLED_PASSWORD" in said
    assert "keyring set acled <username>" in said


def test_no_keyring_is_touched_by_an_import():
    code = "import sys, sahel_transitions.sources.fetching; sys.exit('keyring' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("shown", [repr, str, "{0}".format, "{0!r}".format])
def test_an_account_does_not_show_its_password(account, shown):
    assert PASSWORD not in shown(account)
    assert "maria@example.org" in shown(account)


@pytest.mark.parametrize(
    "text",
    [
        f"<{PASSWORD}>",
        requests.Request("GET", "http://x", params={"p": PASSWORD}).prepare().url,
        json.dumps({"p": PASSWORD}),
        json.dumps({"p": PASSWORD}, ensure_ascii=False),
        "p&auml;" + html.escape(PASSWORD),
    ],
    ids=["plain", "address", "JSON", "JSON in Unicode", "HTML"],
)
def test_a_secret_is_scrubbed_in_any_spelling(text):
    said = scrub(text, [PASSWORD, None])
    assert "[hidden]" in said
    assert "7f3a" not in said


def test_what_a_server_says_is_one_short_line():
    said = scrub("\x1b[31mNo\n\n\tway " + "x" * 500, [])
    assert said.startswith("[31mNo way xxx")
    assert len(said) == 200
