"""The embedded sample: a catalogue of real films and a seeded generator of simulated users and ratings."""
