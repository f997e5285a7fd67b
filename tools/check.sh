#!/bin/bash
# The whole review list that a machine can do. Every step is done and told,
# also after one has failed; the exit code says whether all held.
# Usage: tools/check.sh [format|layers|sizes|readmes|headers|gcc|clang|tidy|tests|memory|fuzz ...]
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

# Our own files only, from the lists of what clang compiles; fuzzing's need not
# be built for that.
step_tidy() {
    local bad=0
    step_clang && tools/tidy.py build-asan || bad=1
    CC=clang folder build-fuzz -Dfuzz=true -Db_lundef=false \
        -Db_sanitize=address,undefined &&
        tools/tidy.py build-fuzz '/tests/fuzz/.*\.c$' || bad=1
    return $bad
}

step_tests() {
    step_clang && ASAN_OPTIONS=detect_stack_use_after_return=1 \
        LSAN_OPTIONS="suppressions=$PWD/tools/lsan.supp:print_suppressions=0" \
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        meson test -C build-asan --no-rebuild --no-suite slow \
        --print-errorlogs --num-processes 2 --timeout-multiplier 5 -q
}

# Reads of what nobody wrote: where no outside library, which would have to be
# built so too, writes what we read.
step_memory() {
    CC=clang folder build-memory -Db_lundef=false -Db_sanitize=memory || return
    local tests
    tests=$(cd tests/unit && ls image/*_test.c detect/*_test.c wire/*_test.c \
        mark/read*_test.c mark/strength_test.c trace/apart_test.c |
        sed 's|^\(.*\)/\(.*\)_test.c|\1/\2|')
    quiet ninja -C build-memory $(sed 's|\(.*\)/\(.*\)|tests/unit/\1/\1_\2_test|' \
        <<<"$tests") && quiet meson test -C build-memory --no-rebuild \
        --timeout-multiplier 5 -q $tests
}

step_fuzz() { tools/fuzz.sh 30; }

all='format layers sizes readmes headers gcc clang tidy tests memory fuzz'
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
