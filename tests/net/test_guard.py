"""The address guard, by itself."""

import pytest

from monitor.guard import AddressGuard


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "64:ff9b::101:101", "2002:101:101::1"])
def test_public_addresses_may_be_visited(address):
    assert AddressGuard().admits(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001:0:1::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "",
        "site.example",
        "127.1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert not AddressGuard().admits(address)


def test_settings_let_a_network_through_and_nothing_beside_it():
    guard = AddressGuard(["10.1.0.0/16", "fd00::/8"])
    assert guard.admits("10.1.255.255")
    assert not guard.admits("10.2.0.0")
    assert guard.admits("fd12::1")
    assert not guard.admits("fc12::1")
