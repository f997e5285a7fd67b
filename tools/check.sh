#!/bin/bash
# The whole review list that a machine can do. Every step is done and told,
# also after one has failed; the exit code says whether all held.
# Usage: tools/check.sh [format|layers|sizes|readmes|headers|gcc|clang|tidy|tests|fuzz ...]
set -u
cd "$(dirname "$0")/.." || exit 1
listed() { git ls-files -- "$@"; }
quiet() { "$@" >build-check.log 2>&1 || { tail -n 60 build-check.log; return 1; }; }

step_format() { listed '*.c' '*.h' | xargs -r clang-format --dry-run -Werror; }

step_layers() { tools/check-layers.sh src; }

step_sizes() { tools/check-sizes.sh; }

step_readmes() { tools/check-readmes.sh; }

# Each header says all that it needs: it compiles first and alone.
step_headers() {
    local header bad=0 libraries
    libraries=$(pkg-config --cflags-only-I cairo)
    for header in $(listed 'src/*.h' 'tests/*.h'); do
        gcc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused \
            -Isrc -I. $libraries -fsyntax-only -include "$header" -x c /dev/null ||
            bad=1
    done
    return $bad
}

folder() { # folder NAME OPTION...: a build folder, set up once
    local name=$1
    shift
    [ -f "$name/build.ninja" ] || quiet meson setup "$name" "$@"
}

step_gcc() {
    CC=gcc folder build-gcc -Dwerror=true && quiet ninja -C build-gcc
}

step_clang() {
    CC=clang folder build-asan -Dwerror=true -Db_lundef=false \
        -Db_sanitize=address,undefined && quiet ninja -C build-asan
}

# Our own files only, from the list of what clang compiled.
step_tidy() {
    step_clang && tools/tidy.py build-asan
}

step_tests() {
    step_clang && ASAN_OPTIONS=detect_stack_use_after_return=1 \
        LSAN_OPTIONS="suppressions=$PWD/tools/lsan.supp:print_suppressions=0" \
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        meson test -C build-asan --no-rebuild --no-suite slow \
        --print-errorlogs --num-processes 2 --timeout-multiplier 5 -q
}

step_fuzz() { tools/fuzz.sh 30; }

all='format layers sizes readmes headers gcc clang tidy tests fuzz'
bad=
for step in ${*:-$all}; do
    began=$SECONDS
    if "step_$step"; then
        echo "held: $step ($((SECONDS - began)) s)"
    else
        echo "NOT HELD: $step"
        bad="$bad $step"
    fi
done
[ -z "$bad" ] || { echo "not held:$bad"; exit 1; }
echo "all checks held"
