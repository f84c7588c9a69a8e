"""Public sign-up: subscribe, confirm, manage, leave, be forgotten. No cookie, no script: a token is in the link.

A GET changes nothing: programs follow the links of a mail before its reader does. Nobody but who holds a token
learns whether an address is subscribed.
"""

from publish.site.subscribing.pages import Desk, routes

__all__ = ["Desk", "routes"]
