#!/bin/bash
# Every figure that we publish, measured here and now beside its peer.
# Usage: tools/bench.sh BUILD-FOLDER [NAME ...]; 30 minutes at most.
#
# A benchmark is tests/bench/NAME.py or BUILD/tests/bench/NAME_bench. It
# prints one line a figure, fields parted by tabs:
#     figure  value and unit  peer or goal  its value and unit  met or MISSED
# the last where it judges itself by a goal: these are kept in
# docs/results/speed.md, and those that are missed are told at the end. That is
# no failure, which a benchmark that breaks off is.
# Anything else that it prints is a remark and goes to the log.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
shift
end=$((SECONDS + 1800))
out=$build/bench.txt log=$build/bench.log bad=0
: >"$out"
: >"$log"
export STING=$PWD/$build/sting PYTHONPATH=$PWD/tests/stories \
    PYTHONDONTWRITEBYTECODE=1

found() {
    find tests/bench -name '*.py' 2>/dev/null
    find "$build/tests/bench" -name '*_bench' -type f 2>/dev/null
}

print_table() {
    awk -F'\t' 'BEGIN { row("FIGURE", "HERE", "PEER OR GOAL", "", "") }
        function row(a, b, c, d, e) {
            printf "%-46s %16s   %-36s %-14s %s\n", a, b, c, d, e
        }
        { row($1, $2, $3, $4, $5) }' "$out"
}

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc)" \
    "cores, $(gcc --version | head -n 1 | awk '{ print $NF }') gcc," \
    "sting $("$STING" version | cut -d' ' -f2)"
# PROGRAM NAME: its figures into bench-NAME.txt, all that it says into .log.
measure() {
    local left=$((end - SECONDS)) begun=$SECONDS run=$1 code=124
    case $1 in *.py) run="python3 $1" ;; esac
    echo "== $2" >"$build/bench-$2.log"
    : >"$build/bench-$2.txt"
    if [ $left -gt 0 ]; then
        # shellcheck disable=SC2086
        timeout $left $run 2>>"$build/bench-$2.log" |
            tee -a "$build/bench-$2.log" |
            grep -P '\t' >>"$build/bench-$2.txt"
        code=${PIPESTATUS[0]}
    fi
    echo "== $2 took $((SECONDS - begun)) s" >>"$build/bench-$2.log"
    return "$code"
}

wanted() { # NAMES asked for, or none: is NAME one?
    local name=$1
    shift
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) return 1 ;; esac
}

name_of() { basename "${1%_bench}" .py; }

# Two that mostly wait for a film to pass go on beside each other.
read -r first second <<<"${BESIDE:-alerts live}"
beside=
for program in $(found | sort); do
    name=$(name_of "$program")
    wanted "$name" "$@" || continue
    if [ "$name" = "$first" ] && wanted "$second" "$@"; then
        measure "$(found | grep -E "/$second(_bench|\.py)\$")" "$second" &
        beside=$!
    fi
    if [ "$name" = "$second" ] && [ "$beside" ]; then
        wait "$beside"
    else
        measure "$program" "$name"
    fi
    code=$?
    cat "$build/bench-$name.txt" >>"$out"
    cat "$build/bench-$name.log" >>"$log"
    [ "$code" -ne 124 ] || echo "$name: there was not time enough"
    [ "$code" -eq 0 ] || { echo "$name: ended with $code, see $log"; bad=1; }
done
print_table
python3 tools/speed_goals.py "$out" docs/results/speed.md || bad=1
exit $bad
