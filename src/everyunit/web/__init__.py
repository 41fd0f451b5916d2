"""The web pages: read, show, never judge."""
