"""A feed may not make this machine ask anything but the public internet."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.feeds.fetching.addresses import CheckedBackend, within
from index.feeds.fetching.answers import AddressRefused, FetchFailed
from index.feeds.fetching.rules import FetchRules
from index.feeds.fetching.special import V4, V6, is_public
from tests.index.feeds.loopback import Shop, fetching, moved, open_shop, sent

PICTURE = b"picture"
METADATA = "169.254.169.254"
INSIDE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", METADATA,
    "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2001:0:7f00:1::", "192.0.0.8", "192.0.0.192", "192.88.99.1", "3fff::1",
    "2620:4f:8000::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "5f00::1", "100::1",
    "2a00::5efe:127.0.0.1", "2a00::200:5efe:10.0.0.1", "4000::1",
)  # fmt: skip
OUTSIDE = ("93.184.215.14", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808")


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as each:
        yield each


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_before_a_socket_is_opened(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _counted_sockets(monkeypatch)
    backend = CheckedBackend(lambda _host, _port: [address])
    with pytest.raises(AddressRefused, match="not public"):
        backend.connect_tcp("shop.test", 80, timeout=1)
    assert opened == []


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_the_very_one_that_is_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _counted_sockets(monkeypatch)
    backend = CheckedBackend(lambda _host, _port: [address])
    with pytest.raises(Exception, match="stopped by the test"):
        backend.connect_tcp("shop.test", 443, timeout=1)
    assert opened == [(address, 443)]


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_multicast or not address.is_global:
        assert not is_public(address)
    if isinstance(address, ipaddress.IPv4Address):
        wrapped = ipaddress.IPv6Address(f"::ffff:{address}")
        translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
        assert is_public(wrapped) == is_public(translated) == is_public(address)


@pytest.mark.parametrize("network", [*V4, *V6], ids=str)
def test_a_special_network_is_closed_to_both_its_ends(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> None:
    if str(network) not in ("::ffff:0:0/96", "64:ff9b::/96"):  # as the address within: held above
        assert not is_public(network.network_address) and not is_public(network.broadcast_address)


@pytest.mark.parametrize(
    "beside",
    ["9.255.255.255", "11.0.0.0", "100.128.0.0", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255",
     "192.88.100.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::", "2001:db7:ffff::",
     "2001:db9::", "2003::", "2620:4f:7fff::", "2620:4f:8001::", "3fff:1000::", "2a00::5efe:8.8.8.8"],
)  # fmt: skip
def test_what_lies_beside_a_special_network_is_open(beside: str) -> None:
    assert is_public(ipaddress.ip_address(beside))


def test_one_address_inside_spoils_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _counted_sockets(monkeypatch)
    backend = CheckedBackend(lambda _host, _port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        backend.connect_tcp("shop.test", 443, timeout=1)
    assert opened == []


def test_loopback_is_refused_where_no_test_allows_it(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/a.jpg"] = sent(PICTURE)
    with fetching(tmp_path, shop, networks=()) as fetcher:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(AddressRefused, match="not public"):
                fetcher.picture(shop.url("/a.jpg", host)).read()
    assert shop.asked == []
    with fetching(tmp_path, shop) as fetcher:  # the server was there all along
        assert fetcher.picture(shop.url("/a.jpg")).read() == PICTURE


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001"])
def test_loopback_in_disguise_is_refused(shop: Shop, tmp_path: Path, host: str) -> None:
    rule = f"http://{host}:{shop.port}"
    with (
        fetching(tmp_path, shop, rule, networks=()) as fetcher,
        pytest.raises((AddressRefused, FetchFailed), match=r"not public|not known"),
    ):
        fetcher.picture(shop.url("/a.jpg", host)).read()
    assert shop.asked == []


@pytest.mark.parametrize("target", [METADATA, "[::1]", "localhost"])
def test_a_redirect_inside_is_not_followed(shop: Shop, tmp_path: Path, target: str) -> None:
    shop.answers["/a.jpg"] = moved(shop.url("/secret", target))
    shop.answers["/secret"] = sent(b"secret")
    only = (ipaddress.ip_network("127.0.0.1/32"),)

    def resolver(host: str, _port: int) -> Sequence[str]:
        return {"localhost": ["127.0.0.2"]}.get(host, [host])

    with (
        fetching(tmp_path, shop, networks=only, resolver=resolver) as fetcher,
        pytest.raises(AddressRefused, match="not public"),
    ):
        fetcher.picture(shop.url("/a.jpg")).read()
    assert shop.asked == ["/a.jpg"]  # the redirect was given, and not followed


@pytest.mark.parametrize(
    "target",
    ["https://other.test/a.jpg", "file:///etc/passwd", "ftp://shop.test/a", "http://u:p@shop.test/a",
     "gopher://shop.test/", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "http://[bad", "s3://bucket/a"],
)  # fmt: skip
def test_a_redirect_to_what_is_not_allowed_is_not_followed(
    shop: Shop, tmp_path: Path, target: str
) -> None:
    shop.answers["/a.jpg"] = moved(target)
    with fetching(tmp_path, shop) as fetcher, pytest.raises((AddressRefused, FetchFailed)):
        fetcher.picture(shop.url("/a.jpg")).read()
    assert shop.asked == ["/a.jpg"]


def test_a_name_that_changes_its_mind_leads_to_what_was_checked(shop: Shop, tmp_path: Path) -> None:
    """DNS rebinding: the first answer is checked, every later one leads elsewhere."""
    shop.answers["/a.jpg"] = sent(PICTURE)
    answers = [["127.0.0.1"], [METADATA], [METADATA]]
    asked: list[str] = []

    def resolver(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    with fetching(tmp_path, shop, resolver=resolver) as fetcher:
        assert fetcher.picture(shop.url("/a.jpg", "shop.test")).read() == PICTURE
        assert asked == ["shop.test"]  # resolved once: between check and connection nobody asks
        assert shop.headers[0]["host"] == f"shop.test:{shop.port}"
        with pytest.raises(AddressRefused, match=METADATA):
            fetcher.picture(shop.url("/b.jpg", "shop.test")).read()
    assert shop.asked == ["/a.jpg"]


def test_no_name_is_resolved_but_by_the_resolver(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[object] = []
    real = socket.getaddrinfo

    def watched(host: object, *rest: object, **options: object) -> object:
        names.append(host)
        return real(host, *rest, **options)  # type: ignore[arg-type]

    shop.answers["/a.jpg"] = sent(PICTURE)
    monkeypatch.setattr(socket, "getaddrinfo", watched)
    with fetching(tmp_path, shop, resolver=lambda _host, _port: ["127.0.0.1"]) as fetcher:
        assert fetcher.picture(shop.url("/a.jpg", "shop.test")).read() == PICTURE
    assert set(names) <= {"127.0.0.1"}


def test_no_proxy_of_the_environment_is_asked(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    shop.answers["/a.jpg"] = sent(PICTURE)
    with fetching(tmp_path, shop) as fetcher:
        assert fetcher.picture(shop.url("/a.jpg")).read() == PICTURE


@pytest.mark.parametrize(
    "address",
    ["https://user:secret@shop.example/a.jpg", "http://shop.example/a.jpg", "file:///etc/passwd",
     "ftp://shop.example/a", "https:///a.jpg", "https://", "https://sh\nop.example/", "HTTPS://a\\b/",
     "data:image/png;base64,AAAA", "javascript:alert(1)", "//shop.example/a.jpg", "https://[::1",
     "https://shop.example:99999/a", "https://a%2fb/", "https://" + "a" * 3000, ""],
)  # fmt: skip
def test_an_address_that_may_not_be_read_is_refused_at_once(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        FetchRules.of(["https"]).checked(address)
    assert "secret" not in str(refused.value)
    assert len(str(refused.value)) < 500


@given(st.text(max_size=60))
def test_any_address_is_allowed_or_refused_and_nothing_else(rest: str) -> None:
    for address in (rest, f"https://{rest}", f"https://shop.example/{rest}"):
        try:
            url = FetchRules.of(["https://shop.example"]).checked(address)
        except AddressRefused:
            continue
        assert (url.scheme, url.host, url.userinfo) == ("https", "shop.example", b"")


def test_tls_asks_for_the_name_and_trusts_only_its_certificate(tmp_path: Path) -> None:
    pem = Path(__file__).with_name("shop_test.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    trusting = ssl.create_default_context(cafile=str(pem))
    with open_shop(server) as shop:
        shop.answers["/a.jpg"] = sent(PICTURE)
        names = [f"https://{host}:{shop.port}" for host in ("shop.test", "other.test")]
        resolver = lambda _host, _port: ["127.0.0.1"]  # noqa: E731
        with fetching(tmp_path, shop, *names, tls=trusting, resolver=resolver) as fetcher:
            assert fetcher.picture(f"{names[0]}/a.jpg").read() == PICTURE
            assert shop.names == ["shop.test"]  # the name, though an address was connected to
            assert shop.headers[0]["host"] == f"shop.test:{shop.port}"
            with pytest.raises(FetchFailed, match="cannot prove who it is"):
                fetcher.picture(f"{names[1]}/a.jpg").read()
        with (
            fetching(tmp_path, shop, *names, resolver=resolver) as strict,
            pytest.raises(FetchFailed, match="cannot prove who it is"),
        ):
            strict.picture(f"{names[0]}/b.jpg").read()
        assert shop.asked == ["/a.jpg"]


def test_a_block_without_time_left_reads_nothing() -> None:
    backend = CheckedBackend(allowed_networks=[ipaddress.ip_network("127.0.0.0/8")])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = backend.connect_tcp("127.0.0.1", listener.getsockname()[1], timeout=1)
        served, _ = listener.accept()
        with served:
            served.sendall(b"late")
            with within(-1), pytest.raises(Exception, match="time for one picture is over"):
                stream.read(10, 1)
            assert stream.read(10, 1) == b"late"
        stream.close()


def _counted_sockets(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    opened: list[object] = []

    def stopped(address: object, *_rest: object, **_options: object) -> socket.socket:
        opened.append(address)
        raise OSError("stopped by the test")

    monkeypatch.setattr(socket, "create_connection", stopped)
    return opened


def test_a_redirect_may_not_lead_from_the_web_into_a_bucket(shop: Shop, tmp_path: Path) -> None:
    """Buckets are allowed here, and read with our credentials: no web server may choose among them."""
    shop.answers["/a.jpg"] = moved("s3://bucket/a.jpg")
    with (
        fetching(tmp_path, shop, "s3://bucket") as fetcher,
        pytest.raises(AddressRefused, match="leave the web"),
    ):
        fetcher.picture(shop.url("/a.jpg")).read()
    assert shop.asked == ["/a.jpg"]


@pytest.mark.parametrize("key", ["a.jpg?versionId=3", "dress#1.jpg"])
def test_a_bucket_key_is_read_as_it_is_written_or_not_at_all(
    shop: Shop, tmp_path: Path, key: str
) -> None:
    with (
        fetching(tmp_path, shop, "s3://bucket") as fetcher,
        pytest.raises(AddressRefused, match="neither"),
    ):
        fetcher.picture(f"s3://bucket/{key}").read()


def test_what_lies_behind_a_redirect_is_asked_for_without_what_is_remembered(
    shop: Shop, tmp_path: Path
) -> None:
    shop.answers["/main.jpg"] = sent(PICTURE, last_modified="Wed, 25 Nov 2026 10:00:00 GMT")
    with fetching(tmp_path, shop) as fetcher:
        fetcher.picture(shop.url("/main.jpg")).digest()
    shop.answers["/main.jpg"], shop.answers["/v3.jpg"] = moved(shop.url("/v3.jpg")), sent(PICTURE)
    with fetching(tmp_path, shop) as fetcher:
        fetcher.picture(shop.url("/main.jpg")).digest()
    asked = dict(zip(shop.asked, shop.headers, strict=True))
    assert "if-modified-since" in {name.lower() for name in asked["/main.jpg"]}
    assert "if-modified-since" not in {name.lower() for name in asked["/v3.jpg"]}
