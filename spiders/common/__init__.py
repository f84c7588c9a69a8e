"""What sources share: the crawl worker, politeness, capture, and the kinds of lists."""
