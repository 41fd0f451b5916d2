"""What payers say, by date of service, with its source."""
