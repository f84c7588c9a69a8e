"""The site of the pages' tests answers here, too."""

from tests.publish.site.conftest import client, letters

__all__ = ["client", "letters"]
