#!/bin/sh
# Sets up .venv, quietly and a line per phase: tools/install.sh [EXTRA]. Nothing happens where it is set up already.
# PYTHON names the interpreter of a new one. pip's own output is shown if it fails.
set -eu
cd "$(dirname "$0")/.."
extra=${1:-} here=$(pwd) log=.venv/install.log
mark=.venv/installed${extra:+-$extra}
PYTHON=${PYTHON:-python3}
about='import sys; print("%d.%d" % sys.version_info[:2]); sys.exit(sys.version_info[:2] < (3, 11))'

fail() {
  echo "error: $*" >&2
  exit 1
}

newer() {
  for name in python3.13 python3.12 python3.11 python3.14; do
    if "$name" -c "$about" >/dev/null 2>&1; then echo "$name" && return; fi
  done
  echo python3.12
}

again="make it again: rm -rf .venv && make demo PYTHON=$(newer)"
if [ -e .venv ]; then
  version=$(.venv/bin/python -c "$about" 2>/dev/null) ||
    fail "e2ep needs Python 3.11 or newer, and that of .venv ${version:+is }${version:-does not start}; $again"
  [ -d ".venv/lib/python$version" ] ||
    fail ".venv was made by another Python than the $version that it now starts; $again"
  [ ! -f "$mark" ] || [ "$(cat "$mark")" = "$here" ] ||
    fail ".venv was made in $(cat "$mark") and works only there; $again"
else
  version=$("$PYTHON" -c "$about" 2>/dev/null) ||
    fail "e2ep needs Python 3.11 or newer, and $PYTHON is ${version:-not there}; name one: make demo PYTHON=$(newer)"
  echo "1/2 creating .venv with Python $version"
  made=$("$PYTHON" -m venv .venv 2>&1) || {
    rm -rf .venv
    echo "$made" >&2
    fail "$PYTHON cannot make a virtual environment, as it says above"
  }
fi

if [ -f "$mark" ] && [ -z "$(find pyproject.toml constraints.txt -newer "$mark")" ]; then
  exit
fi

echo "2/2 installing packages into .venv (torch, DVC and others; a minute or more)"
.venv/bin/python -m pip --disable-pip-version-check install -e ".${extra:+[$extra]}" -c constraints.txt >"$log" 2>&1 &
pip=$!
trap 'kill $pip 2>/dev/null; exit 130' INT TERM HUP
seconds=0
while kill -0 $pip 2>/dev/null; do
  sleep 1
  seconds=$((seconds + 1))
  if [ $((seconds % 10)) -eq 0 ]; then
    echo "    $seconds s"
  fi
done
wait $pip || {
  cat "$log" >&2
  fail "pip could not install the packages, as it says above; the same command tries again"
}
echo "$here" >"$mark"
[ -z "$extra" ] || echo "$here" >.venv/installed
