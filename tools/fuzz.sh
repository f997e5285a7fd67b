#!/bin/bash
# Let libFuzzer at every parser of outside bytes under ASan and UBSan.
# Usage: tools/fuzz.sh [-t] [seconds a parser (60)] [NAME ...]
# With -t the figures go into the rows of docs/results/fuzz.md.
# What it finds stays in build-fuzz/found/NAME-*; what it learns in
# build-fuzz/corpus/NAME; seeds are tests/fuzz/corpus/NAME.
set -u
cd "$(dirname "$0")/.." || exit 1
results=
[ "${1:-}" != -t ] || { results=docs/results/fuzz.md; shift; }
seconds=${1:-60}
[ $# -eq 0 ] || shift
build=build-fuzz
if [ ! -f $build/build.ninja ]; then
    CC=clang meson setup $build -Dfuzz=true -Db_lundef=false \
        -Db_sanitize=address,undefined >$build.log 2>&1 ||
        { tail -n 30 $build.log; exit 1; }
fi
ninja -C $build >$build.log 2>&1 || { tail -n 40 $build.log; exit 1; }

fuzz() { # fuzz NAME: exit code of the fuzzer, its last figures on one line
    local name=$1 learnt=$build/corpus/$1 seeds=tests/fuzz/corpus/$1
    mkdir -p "$learnt" $build/found
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086
    "$build/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=60 \
        -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="$build/found/$name-" "$learnt" $seeds \
        >"$build/$name.log" 2>&1
    local code=$?
    if [ $code -ne 0 ]; then
        echo "FUZZ $name: FOUND SOMETHING, see $build/$name.log"
        grep -E 'ERROR|runtime error|SUMMARY|Test unit' "$build/$name.log"
    else
        echo "fuzz $name: $(sed -n \
            's/^stat::number_of_executed_units: *//p' "$build/$name.log") runs"
    fi
    return $code
}

# The row of NAME in the results: runs, seconds and version of what was just
# done; what is held and what was found stands there by hand.
note() {
    local name=$1 did version
    did=$(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 | \2/p' \
        "$build/$name.log" 2>/dev/null)
    version=$(git rev-parse --short HEAD)
    [ -n "$did" ] && grep -q "^| $name |" $results || {
        echo "fuzz $name: no row in $results, or no figures"
        return 1
    }
    sed -i "s/^\(| $name | [^|]* | \)[^|]* | [^|]* | [^|]* |/\1$did | $version |/" \
        $results
}

bad=0
at_once=$(nproc)
names=${*:-$(find $build/tests/fuzz -maxdepth 1 -name '*_fuzz' \
    -printf '%f\n' | sed 's/_fuzz$//' | sort)}
for name in $names; do
    fuzz "$name" &
    if [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; then
        wait -n || bad=1
    fi
done
while [ -n "$(jobs -p)" ]; do
    wait -n || { [ $? -eq 127 ] && break; bad=1; }
done
for name in ${results:+$names}; do
    note "$name" || bad=1
done
exit $bad
