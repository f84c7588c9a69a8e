"""What a text claims: treatments, safety, stories, approval. Pure."""

from stemwatch.claims.finding import claims

__all__ = ["claims"]
