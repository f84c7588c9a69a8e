"""Which addresses of the Internet a stranger may send us to: those that are public, and nobody's inside."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# IANA, IPv4 Special-Purpose Address Registry. Python's own `is_global` differs by its version.
_INSIDE_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # between a provider and its customers; metadata of Alibaba Cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host of a machine in Azure
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata of Oracle Cloud
        "192.0.2.0/24",  # documentation
        "192.52.193.0/24",  # multicast relays
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# IANA has given out addresses to hosts from here alone.
_GIVEN_OUT_6 = IPv6Network("2000::/3")
_INSIDE_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
# Networks whose addresses stand for one of IPv4, and the bits to the right of it.
_WRAPPED = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64: how networks without IPv4 reach all sites that have nothing else
    (IPv6Network("2002::/16"), 80),  # 6to4
)


def is_public(address: Address) -> bool:
    """Whether an address is a host's on the open Internet, with the IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INSIDE_4)
    for network, right in _WRAPPED:
        if address in network:
            return is_public(IPv4Address(int(address) >> right & 0xFFFFFFFF))
    return address in _GIVEN_OUT_6 and not any(address in network for network in _INSIDE_6)
