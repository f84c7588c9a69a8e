"""Documents as bytes to the text that a reader sees: plain text, HTML, PDF. Pure."""
