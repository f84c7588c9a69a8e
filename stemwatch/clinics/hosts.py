"""Whose a web address is: a firm's own domain, or a host that many share."""

from functools import cache, lru_cache

from tldextract import TLDExtract

from stemwatch.clinics.lexicon import hosts_file


@lru_cache(maxsize=20_000)
def own_domain(host: str) -> str:
    """The domain of the one who owns `host`; empty for shared hosts, authorities and what is no domain.

    Hosts that name their customers below themselves give one domain a customer: `harbor.wixsite.com`.
    """
    host = host.lower().strip(".").removeprefix("www.")
    parts = _extract()(host)
    domain = f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else ""
    if not domain or _listed(host, _suffixes()) or _listed(domain, _shared()):
        return ""
    return domain


def _listed(host: str, known: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[place:]) in known for place in range(len(labels)))


@cache
def _extract() -> TLDExtract:
    """With the list of suffixes that the library brings: nothing is fetched, nothing written."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@cache
def _shared() -> frozenset[str]:
    return frozenset(host for entry in hosts_file().hosts for host in entry.hosts)


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(suffix for entry in hosts_file().hosts for suffix in entry.suffixes)
