"""TLS: a fault of the certificate is told and looked behind; a fault of the handshake is a failure."""

import asyncio
import shutil
import ssl
import subprocess

import pytest

from checks import Outcome
from monitor.demo.ports import has_ipv6_loopback
from tests.net.web import in_loop, page, redirect, serving, tlcp_only, visiting

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_ipv6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no ::1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for site.example, as (certificate file, key file)."""
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        (
            "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=site.example"
            f" -addext subjectAltName=DNS:site.example -out {files[0]} -keyout {files[1]}"
        ).split(),
        check=True,
        capture_output=True,
    )
    return files


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@needs_openssl
@in_loop
async def test_a_self_signed_certificate_is_told_and_the_page_behind_it_is_seen(certificate):
    async with serving({"/": page(), "/gone": page()}, tls=server_context(certificate)) as server, visiting() as net:
        for _ in range(2):  # the second time the fault is known and told again
            fetched = await net.fetch(server.url(scheme="https"))
            assert (fetched.outcome, fetched.status_code) == (Outcome.OK, 200)
            assert fetched.tls_problem == "证书为自签名"
        assert len(server.asked) == 2
        assert (await net.fetch(server.url("/none", scheme="https"))).outcome is Outcome.HTTP_ERROR


@needs_openssl
@in_loop
async def test_the_name_travels_in_the_handshake(certificate):
    names = []
    context = server_context(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with serving({"/": page()}, tls=context) as server, visiting() as net:
        assert (await net.fetch(server.url(scheme="https"))).outcome is Outcome.OK
    assert set(names) == {"site.example"}


@needs_openssl
@needs_ipv6
@in_loop
async def test_the_family_stays_pinned_from_http_to_https_and_from_the_bare_name_to_www(certificate):
    names = {"site.example": ["127.0.0.1", "::1"], "www.site.example": ["127.0.0.1", "::1"]}
    both = ("127.0.0.1", "::1")
    async with (
        serving({}, on=both) as plain,
        serving({"/": page()}, on=both, tls=server_context(certificate)) as secure,
        visiting(names) as net,
    ):
        home = secure.url(scheme="https", host="www.site.example")
        plain.routes["/"] = redirect(home)
        fetched = await net.fetch(plain.url(), family=6)
        assert (fetched.outcome, fetched.final_url, fetched.address) == (Outcome.OK, home, "::1")
        assert {asked.address for asked in (*plain.asked, *secure.asked)} == {"::1"}


@needs_openssl
@in_loop
async def test_https_that_leads_down_to_http_is_followed(certificate):
    async with (
        serving({"/": page()}) as plain,
        serving({}, tls=server_context(certificate)) as secure,
        visiting() as net,
    ):
        secure.routes["/"] = redirect(plain.url())
        fetched = await net.fetch(secure.url(scheme="https"))
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, plain.url())


@needs_openssl
@pytest.mark.filterwarnings("ignore:ssl.OP_NO_:DeprecationWarning")  # to be old is the point of this server
@in_loop
async def test_a_server_that_speaks_only_old_tls_is_opened_and_its_age_is_told(certificate):
    context = server_context(certificate)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options &= ~ssl.OP_NO_TLSv1_1
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    async with serving({"/": page()}, tls=context) as server, visiting() as net:
        fetched = await net.fetch(server.url(scheme="https"))
    assert fetched.outcome is Outcome.OK
    assert "放宽要求" in fetched.tls_problem


@in_loop
async def test_a_server_that_does_not_speak_tls_fails_the_handshake():
    async def plain(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server, visiting() as net:
        port = server.sockets[0].getsockname()[1]
        fetched = await net.fetch(f"https://site.example:{port}/")
    assert fetched.outcome is Outcome.TLS_ERROR
    assert "加密连接" in fetched.detail


@in_loop
async def test_a_server_that_speaks_only_the_national_tls_is_not_called_broken():
    server = await asyncio.start_server(tlcp_only, "127.0.0.1", 0)
    async with server, visiting() as net:
        port = server.sockets[0].getsockname()[1]
        fetched = await net.fetch(f"https://site.example:{port}/")
    assert fetched.outcome is Outcome.BLOCKED
    assert "国密" in fetched.challenge


@pytest.mark.parametrize("silent", [True, False], ids=["hangs", "closes"])
@in_loop
async def test_a_handshake_that_hangs_is_a_time_out_and_one_that_breaks_is_a_tls_error(silent):
    over = asyncio.Event()

    async def accept(reader, writer):
        await reader.read(100)
        if silent:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server, visiting(timeout=0.4) as net:
        port = server.sockets[0].getsockname()[1]
        fetched = await net.fetch(f"https://site.example:{port}/")
        over.set()
        await asyncio.sleep(0)
    assert fetched.outcome is (Outcome.TIMEOUT if silent else Outcome.TLS_ERROR)


@needs_openssl
@in_loop
async def test_a_handshake_that_fails_at_first_and_works_then_is_no_failure(certificate):
    context = server_context(certificate)
    async with serving({"/": page()}, tls=context) as server, visiting() as net:
        connections = 0

        async def unsteady(reader, writer):
            nonlocal connections
            connections += 1
            if connections == 1:
                await reader.read(100)
            else:
                upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", server.port)
                await asyncio.gather(pump(reader, upstream), pump(upstream_reader, writer))
            writer.close()

        async def pump(reader, writer):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()

        front = await asyncio.start_server(unsteady, "127.0.0.1", 0)
        async with front:
            port = front.sockets[0].getsockname()[1]
            fetched = await net.fetch(f"https://site.example:{port}/")
            await net.aclose()
            await asyncio.sleep(0.05)
    assert fetched.outcome is Outcome.OK
    assert fetched.tls_problem == "证书为自签名"
