"""Addresses tried over TLS, and where they are asked: certificates, origins, whole campaigns."""

from __future__ import annotations

import socket
import ssl
import string
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
import trustme
import yaml
from conftest import OWN_HOST, SMALL, campaign_folder
from webserver import (
    GOOD,
    HOST,
    KEFU,
    PLACE,
    Start,
    is_clean,
    page,
    redirect,
    tried,
)

from stickergen.content.link import Address
from stickergen.problem import MESSAGES, InputError, worded
from stickergen.reaching import reach_campaign
from stickergen.reading import read_campaign
from stickergen.website import mark, reach
from stickergen.website.reach import AT_ONCE, Outcome
from stickergen.website.server import LocalServer

# --- certificates ---


@dataclass(frozen=True)
class Authority:
    """Who signs, and whom this machine trusts."""

    trusted: trustme.CA
    unknown: trustme.CA

    def context(self, cert: trustme.LeafCert) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert.configure_cert(context)
        return context


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(trustme.CA(), trustme.CA())


@pytest.fixture
def trusting(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's store holds one authority."""
    file = tmp_path / "ca.pem"
    authority.trusted.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


@pytest.mark.usefixtures("trusting")
def test_addresses_are_asked_at_their_own_host(web: Start, authority: Authority) -> None:
    tls = authority.context(authority.trusted.issue_cert("localhost"))
    site = web({"/kefu": GOOD}, tls)
    address = Address(f"{site.origin}/kefu", "kefu")
    (one,) = reach.reach([address], ["localhost"])
    assert (one.outcome, one.url) == ("ok", address.url)


@pytest.mark.usefixtures("trusting")
def test_redirects_among_the_hosts_of_the_issuer(web: Start, authority: Authority) -> None:
    tls = authority.context(authority.trusted.issue_cert("localhost", "127.0.0.1"))
    site = web({}, tls)
    plain = web({"/kefu": GOOD})
    other = f"https://127.0.0.1:{site.port}/here"
    site.answers |= {"/kefu": redirect(other), "/here": GOOD}
    address = Address(f"{site.origin}/kefu", "kefu")
    for hosts, outcome in {
        ("localhost", "127.0.0.1"): "ok",
        ("localhost",): "reach-redirect-elsewhere",
    }.items():
        (one,) = reach.reach([address], hosts)
        assert one.outcome == outcome
    site.answers["/kefu"] = redirect(f"{plain.origin}/kefu")
    (one,) = reach.reach([address], ["localhost"])
    assert (one.outcome, one.detail) == ("reach-redirect-elsewhere", plain.origin)
    assert plain.connections == 0
    at_origin = tried(site, hosts=["localhost", "127.0.0.1"])
    assert at_origin.outcome == "reach-redirect-elsewhere"


def day(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


CERTIFICATES: dict[Outcome, Callable[[Authority], trustme.LeafCert]] = {
    "reach-certificate-unknown": lambda who: who.unknown.issue_cert("localhost"),
    "reach-certificate-host": lambda who: who.trusted.issue_cert("other.example"),
    "reach-certificate-expired": lambda who: who.trusted.issue_cert(
        "localhost", not_before=day(2019), not_after=day(2020)
    ),
    "reach-certificate-early": lambda who: who.trusted.issue_cert(
        "localhost", not_before=day(2190), not_after=day(2191)
    ),
}


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("outcome", CERTIFICATES)
def test_certificates_that_phones_do_not_accept(
    web: Start, authority: Authority, outcome: Outcome
) -> None:
    site = web({"/kefu": GOOD}, authority.context(CERTIFICATES[outcome](authority)))
    one = tried(site)
    assert one.outcome == outcome
    assert site.heads == []
    assert is_clean(one)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_signs_itself(web: Start, authority: Authority, tmp_path: Path) -> None:
    own, key = tmp_path / "own.pem", tmp_path / "key.pem"
    authority.unknown.cert_pem.write_to_path(str(own))
    authority.unknown.private_key_pem.write_to_path(str(key))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own, key)
    assert tried(web({"/kefu": GOOD}, tls)).outcome == "reach-certificate-self-signed"


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "reach-tls"), (b"", "reach-unreachable")],
)
def test_a_server_without_https(sent: bytes, outcome: Outcome) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            with server.accept()[0] as client:
                client.recv(4096)
                client.sendall(sent)

        thread = threading.Thread(target=talk)
        thread.start()
        one = tried(f"https://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert one.outcome == outcome
    assert is_clean(one)


def test_a_server_that_cannot_be_reached_is_not_asked_for_each_address(
    web: Start, authority: Authority
) -> None:
    site = web({}, authority.context(authority.unknown.issue_cert("localhost")))
    addresses = [Address(f"https://{HOST}/p{n}", f"p{n}") for n in range(50)]
    reached = reach.reach(addresses, [HOST], at=site.origin)
    assert {one.outcome for one in reached} == {"reach-certificate-unknown"}
    assert site.connections <= AT_ONCE
    (problem,) = reach.problems(reached, PLACE)
    assert (problem.place, problem.values["count"]) == (PLACE, 50)
    assert problem.values["url"] == f"{site.origin}/p0"


# --- where to ask ---


def test_nothing_of_the_environment_is_used(
    web: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site, proxy = web({"/kefu": GOOD}), web({})
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.origin)
    netrc = tmp_path / "netrc"
    netrc.write_text("default login officer password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert tried(site).outcome == "ok"
    assert proxy.connections == 0
    assert "Authorization" not in site.heads[0]


@pytest.mark.parametrize(
    "at",
    [
        "",
        "localhost:8000",
        "127.0.0.1",
        "http://192.168.1.9:8000",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "ftp://localhost",
        "file:///etc",
        "http://localhost:8000/fz/",
        "http://localhost:8000/?x",
        "http://localhost:8000/#x",
        "http://me@localhost:8000",
        "http://127.0.0.1:99999",
        "https://",
        "http://[zz",
        "http://localhost:port",
        "\x1b[2J",
    ],
)
def test_origins_that_are_not_asked(at: str) -> None:
    with pytest.raises(InputError) as raised:
        reach.reach([KEFU], [HOST], at=at)
    (problem,) = raised.value.problems
    assert problem.code == "reach-at"
    assert worded(problem, "zh").sentence.isprintable()


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_origin_with_or_without_a_slash(web: Start, slash: str) -> None:
    site = web({"/fz/kefu": GOOD})
    address = Address(f"https://{HOST}/fz/kefu", "kefu")
    assert tried(f"http://127.0.0.1:{site.port}{slash}", address).outcome == "ok"


# --- campaigns ---


def served(folder: Path) -> dict[str, bytes]:
    """The least site that has every page of a campaign."""
    addresses = read_campaign(folder / "campaign.yaml").addresses
    return {
        f"{address.path.strip('/')}/index.html".lstrip("/"): page(mark.page_id(address))
        for address in addresses
    }


def test_every_address_of_a_campaign(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path, SMALL | OWN_HOST)
    pages = served(folder)
    with LocalServer(lambda: pages) as site:
        trial = reach_campaign(folder / "campaign.yaml", at=site.origin)
    assert len(trial.reached) == len(pages) > 15
    assert {one.outcome for one in trial.reached} == {"ok"}
    assert trial.problems == ()


def test_what_a_campaign_lacks_is_told_at_its_link(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path, SMALL | OWN_HOST)
    pages = served(folder)
    gone = [name for name in sorted(pages) if "j01" in name]
    with LocalServer(lambda: {n: pages[n] for n in pages if n not in gone}) as site:
        trial = reach_campaign(folder / "campaign.yaml", at=site.origin)
    assert [one.outcome for one in trial.reached].count("reach-not-found") == len(gone) > 1
    (problem,) = trial.problems
    assert (problem.code, problem.values["count"]) == ("reach-not-found", len(gone))
    assert problem.place == read_campaign(folder / "campaign.yaml").campaign.place("link", "base")


def test_placeholders_are_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)
    folder = campaign_folder(tmp_path, SMALL)
    with pytest.raises(InputError) as raised:
        reach_campaign(folder / "campaign.yaml")
    (problem,) = raised.value.problems
    assert problem.code == "reach-sample"
    assert problem.place is not None
    assert problem.place.line is not None


def test_a_campaign_with_problems_is_not_tried(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path, SMALL | {"link.base": "http://hs.example.com"})
    with pytest.raises(InputError) as raised:
        reach_campaign(folder / "campaign.yaml", at="http://127.0.0.1:9")
    assert [problem.code for problem in raised.value.problems] == ["link-not-https"]


# --- words ---


def test_every_outcome_but_the_good_one_has_its_words() -> None:
    text = (MESSAGES / "links.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    outcomes = set(get_args(Outcome)) - {"ok"}
    assert set(entries) == outcomes | {"port-busy", "reach-sample", "reach-at"}
    for code, entry in entries.items():
        zh, en = (fields(entry[name] + entry[f"{name}_hint"]) for name in ("zh", "en"))
        assert zh == en, code
        if code in outcomes:
            assert {"url", "count"} <= zh <= {"url", "count", "detail"}, code


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
