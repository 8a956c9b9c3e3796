"""Which addresses are of the public internet: IANA's special-purpose registries, whole.

Also the entries that IANA calls globally reachable: what answers there are protocols' own helpers
(relays, sinks for wrong questions), never a shop. IPv6 outside 2000::/3 was never given out
[iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry,
ipv6-address-space; read in 2025].
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
V4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a carrier's customers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local; clouds tell their secrets there
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # IETF protocols
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 and 6a44 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
V6: Final = tuple(
    map(
        IPv6Network,
        (
            "::/128",  # unspecified
            "::1/128",  # loopback
            "::ffff:0:0/96",  # IPv4-mapped: asked as the IPv4 address within
            "64:ff9b::/96",  # IPv4 translated: likewise
            "64:ff9b:1::/48",  # translated within one network
            "100::/64",  # discarded
            "100:0:0:1::/64",  # dummy
            "2001::/23",  # IETF protocols: Teredo, benchmarks, ORCHID, DRIP, AS112
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fc00::/7",  # unique local
            "fe80::/10",  # link-local
        ),
    )
)
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_ISATAP: Final = (0x5EFE, 0x0200_5EFE)
"""What stands before an IPv4 address in the last 64 bits."""


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, whatever it is wrapped in.

    >>> [is_public(IPv4Address(text)) for text in ("93.184.215.14", "10.0.0.1", "192.88.99.1")]
    [True, False, False]
    >>> is_public(IPv6Address("::ffff:127.0.0.1")), is_public(IPv6Address("64:ff9b::8.8.8.8"))
    (False, True)
    """
    if isinstance(address, IPv4Address):
        return not any(address in each for each in V4)
    low = IPv4Address(address.packed[-4:])
    if address.ipv4_mapped or address in _TRANSLATED:
        return is_public(low)
    if int.from_bytes(address.packed[8:12]) in _ISATAP and not is_public(low):
        return False
    return address in _GIVEN_OUT and not any(address in each for each in V6)
