"""What is on disk: answers, the ledger of attempts, and locks on what is being asked now."""
