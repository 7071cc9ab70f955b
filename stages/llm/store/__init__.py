"""What lies on disk: answers, the ledger of attempts, and the locks of who is asking right now."""
