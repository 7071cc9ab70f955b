"""For all tests."""

import signal

from hypothesis import settings

# A shell that starts the tests in the background makes them ignore Ctrl-C, and the programs that
# they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A deadline says how busy the machine is, not whether the code is right.
settings.register_profile("e2ep")
settings.load_profile("e2ep")
