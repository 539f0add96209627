"""A real crawl over loopback TLS: faults of certificates and 国密 are told, and what lies behind is judged."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from checks import LinkNature, Outcome
from monitor.tls import TlsMode, context_for
from tests.net.test_links_told import facts_of
from tests.net.web import EXAMPLE, answer, in_loop, not_found, page, serving, tlcp_only, visiting

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

NAMES = ("good", "expired", "wrong", "selfsigned", "unknown", "tlcp", "old", "mutual")
ZONE = {**EXAMPLE, **{f"{name}.example": ["127.0.0.1"] for name in NAMES}, "good.example.": ["127.0.0.1"]}


class Authority:
    """An authority that our strict mode trusts while the tests of this module run."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.file, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        openssl(f"req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={name} -out {self.file} -keyout {self.key}")

    def issue(self, host, *, days=30):
        """(certificate, key) for a host; fewer than no days: it has expired."""
        request, key, signed = (self.folder / f"{self.name}-{host}.{end}" for end in ("csr", "key", "pem"))
        openssl(
            f"req -newkey rsa:2048 -nodes -subj /CN={host} -addext subjectAltName=DNS:{host}"
            f" -out {request} -keyout {key}"
        )
        openssl(
            f"x509 -req -in {request} -CA {self.file} -CAkey {self.key} -CAcreateserial -days {days}"
            f" -copy_extensions copy -out {signed}"
        )
        return signed, key


def openssl(arguments):
    subprocess.run(["openssl", *arguments.split()], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    trusted = Authority(tmp_path_factory.mktemp("authority"), "trusted")
    context_for.cache_clear()
    context_for(TlsMode.STRICT).load_verify_locations(trusted.file)
    yield trusted
    context_for.cache_clear()


def context_with(certificate, key, **options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    for name, value in options.items():
        setattr(context, name, value)
    return context


@contextlib.asynccontextmanager
async def secure(name, context):
    """A server at NAME.example with a good page and none beside it."""
    async with serving({"/": page(), "/there.html": page(), "*": not_found()}, tls=context) as server:
        yield lambda path: server.url(path, host=f"{name}.example", scheme="https")


@in_loop
async def test_faults_of_certificates_are_told_and_what_is_behind_them_is_judged(authority, tmp_path):
    stranger = Authority(tmp_path, "stranger")
    certificates = {
        "good": authority.issue("good.example"),
        "expired": authority.issue("expired.example", days=-1),
        "wrong": authority.issue("other-name.example"),
        "selfsigned": (stranger.file, stranger.key),
        "unknown": stranger.issue("unknown.example"),
    }
    async with contextlib.AsyncExitStack() as stack:
        site = await stack.enter_async_context(serving({}))
        hosts = [
            await stack.enter_async_context(secure(name, context_with(*files))) for name, files in certificates.items()
        ]
        site.routes["/"] = page(*(host(path) for host in hosts for path in ("/there.html", "/gone.html")))
        net = await stack.enter_async_context(visiting(ZONE))
        looks, remarks, summary = await facts_of(site, net)
    assert {url.rpartition("/")[2] for url in looks} == {"gone.html"}
    assert {look.outcome for look in looks.values()} == {Outcome.HTTP_ERROR}
    assert len(looks) == len(certificates)
    assert all(look.control_passed for look in looks.values())
    told = {url.partition("//")[2].partition(".example")[0]: (r.nature, r.detail) for url, r in remarks.items()}
    assert told == {
        "expired": (LinkNature.TLS_PROBLEM, "证书已过期"),
        "wrong": (LinkNature.TLS_PROBLEM, "证书与域名不符"),
        "selfsigned": (LinkNature.TLS_PROBLEM, "证书为自签名"),
        "unknown": (LinkNature.TLS_PROBLEM, "证书链不完整，或签发机构不受信任"),
    }
    assert summary.complete


@in_loop
async def test_a_site_whose_own_certificate_has_expired_is_crawled_whole(authority):
    context = context_with(*authority.issue("site.example", days=-1))
    routes = {"/": page("/a.html", "/gone.html"), "/a.html": page()}
    async with serving(routes, tls=context) as server, visiting() as net:
        url = server.url
        server.url = lambda path="/", **more: url(path, scheme="https", **more)
        looks, remarks, summary = await facts_of(server, net)
    assert set(looks) == {"/gone.html"}
    assert [(r.nature, r.internal) for r in remarks.values()] == [(LinkNature.TLS_PROBLEM, True)]
    assert (summary.pages, summary.complete) == (2, True)


@in_loop
async def test_a_server_that_speaks_the_national_tls_alone_is_told_and_not_dead():
    national = await asyncio.start_server(tlcp_only, "127.0.0.1", 0)
    async with national, serving({}) as site, visiting(ZONE) as net:
        port = national.sockets[0].getsockname()[1]
        links = [f"https://tlcp.example:{port}/{n}.html" for n in range(3)]
        site.routes["/"] = page(*links)
        looks, remarks, summary = await facts_of(site, net)
    assert {url: look.outcome for url, look in looks.items()} == dict.fromkeys(links, Outcome.BLOCKED)
    assert [r.nature for r in remarks.values()] == [LinkNature.TLCP_ONLY]
    assert (summary.failures, summary.complete) == (0, True)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("wants", [True, False], ids=["wants a certificate", "breaks off"])
@in_loop
async def test_a_server_that_wants_a_certificate_of_the_visitor_cannot_be_judged(authority, version, wants):
    context = context_with(*authority.issue("mutual.example"), maximum_version=version, minimum_version=version)
    if wants:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.file)
    with closing_server(context) as port:
        async with serving({}) as site, visiting(ZONE) as net:
            site.routes["/"] = page(f"https://mutual.example:{port}/login")
            looks, _, summary = await facts_of(site, net)
    (look,) = looks.values()
    assert look.outcome is (Outcome.BLOCKED if wants else Outcome.CONNECT_ERROR)
    assert ("数字证书" in look.detail) is wants
    assert summary.failures == (0 if wants else 1)


@contextlib.contextmanager
def closing_server(context):
    """The port of a server that greets its visitors in TLS and closes. In threads: asyncio sends no alerts."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connection.settimeout(5)
                with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as tls:
                    with contextlib.suppress(OSError):
                        tls.do_handshake()
                        tls.recv(1000)
                    with contextlib.suppress(OSError):  # so that no reset overtakes the alert
                        tls.shutdown(socket.SHUT_WR)
                        while socket.socket.recv(tls, 10_000):
                            pass

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        server.join()


@in_loop
async def test_a_dot_at_the_end_of_a_host_is_no_part_of_the_name_in_its_certificate(authority):
    context = context_with(*authority.issue("good.example"))
    async with serving({}) as site, secure("good", context) as host, visiting(ZONE) as net:
        site.routes["/"] = page(host("/there.html").replace(".example:", ".example.:"))
        looks, remarks, _ = await facts_of(site, net)
    assert (looks, remarks) == ({}, {})


@in_loop
async def test_https_that_is_closed_is_dead_though_http_opens():
    async with serving({"/x.html": answer("x" * 50)}) as server, visiting() as net:
        server.routes["/"] = page("https://site.example:1/x.html")
        looks, remarks, _ = await facts_of(server, net)
    assert [look.outcome for look in looks.values()] == [Outcome.CONNECT_ERROR]
    assert remarks == {}
