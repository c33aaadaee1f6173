"""What makes a report hold: PDF/A with the data inside, signatures, and the check of both."""
