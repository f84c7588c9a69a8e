"""What a text claims: treatments, safety, stories, approval. Pure."""
