"""Lets people look: what Stemwatch holds, as files to download and, later, as feeds and pages."""
