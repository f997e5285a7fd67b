#!/bin/sh
# Fail when a file outgrows its budget: 800 lines a .c, 200 a .h. Files that
# hold nothing but data, *_table.c, are exempt. The lengths of functions are
# clang-tidy's. Told beside: the median, which should stay under 200 and 60.
# What a third party is to read before it believes a pack: 150 lines a script.
set -eu
cd "$(dirname "$0")/.."
bad=0
for kind in c:800 h:200; do
    end=${kind%:*} most=${kind#*:}
    sizes=$(git ls-files "src/*.$end" "tests/*.$end" |
        grep -v '_table\.c$' | xargs -r wc -l |
        awk '$2 != "total" { print $1, $2 }' | sort -n)
    over=$(echo "$sizes" | awk -v most="$most" '$1 > most')
    [ -z "$over" ] || { echo "over $most lines:"; echo "$over"; bad=1; }
    echo "$sizes" | awk -v end="$end" '{ n[NR] = $1 }
        END { print "." end ": " NR " files, median " n[int((NR + 1) / 2)] \
              " lines, longest " n[NR] }'
done
for script in tools/recheck*.py; do
    [ "$(wc -l <"$script")" -le 150 ] || { echo "over 150 lines: $script"; bad=1; }
done
exit $bad
