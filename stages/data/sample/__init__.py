"""The embedded sample: a catalogue of real films, and a generator of users and ratings."""
