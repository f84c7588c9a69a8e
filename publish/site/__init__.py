"""The site: pages, feeds and the API, as plain functions that a server or a static export calls."""
