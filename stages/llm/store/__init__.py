"""What is kept on disk: answers, the ledger of attempts, and who is asking right now."""
