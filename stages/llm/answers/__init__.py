"""From a raw reply to a typed answer: every reply is untrusted."""
