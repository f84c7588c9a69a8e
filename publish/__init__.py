"""Lets people look: releases to download, feeds, the site and its API."""
