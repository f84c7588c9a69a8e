"""Who a notice names: `parties` reads its fields, `digest` tells when what was read is stale."""

from stemwatch.parties.extract import digest, parties

__all__ = ["digest", "parties"]
