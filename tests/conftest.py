"""For all tests."""

import signal

# Where a shell starts the tests in the background it ignores Ctrl-C, and the programs that they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
