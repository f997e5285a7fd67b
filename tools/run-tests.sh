#!/bin/bash
# Run every test of a build folder and close with one line that counts.
# Usage: tools/run-tests.sh BUILD-FOLDER
set -u -o pipefail
build=$1
seen=$build/tests.out
# A test's time is there for one that hangs; a busy machine may take its time.
# Of six that go at once on two cores, some wait (tests/stories/meson.build).
meson test -C "$build" --no-rebuild --print-errorlogs --num-processes 6 \
    --timeout-multiplier 3 |
    tee "$seen"
status=$?
count() { sed -n "s/^$1: *\([0-9][0-9]*\) *\$/\1/p" "$seen" | tail -n 1; }
failed=$(($(count Fail) + $(count Timeout) + $(count 'Unexpected Pass')))
skipped=$(count Skipped)
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
    echo "a test was skipped where it must run"
    status=1
fi
[ "$failed" -eq 0 ] || python3 "$(dirname "$0")/failures.py" "$build"
echo "$(count Ok) passed, $failed failed, $skipped skipped"
exit $status
