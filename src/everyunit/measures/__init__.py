"""Facts and findings become numbers."""
