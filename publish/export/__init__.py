"""The whole site as files, for any web server."""
