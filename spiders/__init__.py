"""The spiders read regulators. One plain file here is one source; what they share is in `common`.

The only home of Scrapy.
"""
