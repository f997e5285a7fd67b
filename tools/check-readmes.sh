#!/bin/bash
# Fail when a room's README does not name one of its files. Names stand in
# backquotes, without their ending or with it; `verify_*` names many.
cd "$(dirname "$0")/.." || exit 1
bad=0
for room in src/*/; do
    names=$(grep -o '`[^`]*`' "$room/README.md" | tr -d '`' | tr ' ,{}' '\n' |
        sed 's/\.[ch]$//')
    for file in "$room"*.c "$room"*.h; do
        stem=$(basename "${file%.*}")
        found=
        while read -r name; do
            # shellcheck disable=SC2053
            [[ -n $name && $stem == $name ]] && found=1
        done <<<"$names"
        [ -n "$found" ] || { echo "${room}README.md: $stem"; bad=1; }
    done
done
exit $bad
