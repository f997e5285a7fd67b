#!/bin/bash
# Full counts of every figure, which may take many hours; kill it and go on.
# Usage: tools/campaign.sh BUILD-FOLDER [NAME ...]; see tests/campaign/README.md
# A campaign is tests/campaign/NAME.py; one that is not there yet is passed by.
set -u
cd "$(dirname "$0")/.." || exit 1
export BUILD=$1 PYTHONDONTWRITEBYTECODE=1
shift
all="blind innocents pdfs trace retrieval watch watch_peers kills power flips large exhibit pages quiet near page_numbers held tamper replaced drill alerts"
bad=0
for name in ${*:-$all}; do
    [ -f "tests/campaign/$name.py" ] || continue
    echo "== $name"
    "${PYTHON:-/usr/bin/python3}" "tests/campaign/$name.py" || { echo "$name: failed"; bad=1; }
done
exit $bad
