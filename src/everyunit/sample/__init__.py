"""The make-believe practice: files a clinic could bring, and the leaks planted in them."""
