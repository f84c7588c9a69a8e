"""The application: pages, feeds and API at their addresses, answered over HTTP."""
