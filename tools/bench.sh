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
for program in $(found | sort); do
    name=$(basename "$program" .py)
    name=${name%_bench}
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    left=$((end - SECONDS))
    [ $left -gt 0 ] || { echo "out of time before $name"; bad=1; break; }
    case $program in *.py) run="python3 $program" ;; *) run=$program ;; esac
    echo "== $name" >>"$log"
    begun=$SECONDS
    # shellcheck disable=SC2086
    timeout $left $run 2>>"$log" | tee -a "$log" | grep -P '\t' >>"$out"
    code=${PIPESTATUS[0]}
    echo "== $name took $((SECONDS - begun)) s" >>"$log"
    [ "$code" -eq 0 ] || { echo "$name: ended with $code, see $log"; bad=1; }
done
print_table
python3 tools/speed_goals.py "$out" docs/results/speed.md || bad=1
exit $bad
