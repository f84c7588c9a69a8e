"""The core of Stemwatch: what the words mean. It knows no crawler, no channel, no clock and no web."""

__version__ = "0.1.0"
PROJECT_URL = "https://github.com/stemwatch/stemwatch"
