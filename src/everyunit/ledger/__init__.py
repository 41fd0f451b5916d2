"""The facts: tables declared once, and the crash-safe store that keeps them."""
