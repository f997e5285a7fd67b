#include "operation/nearest.h"

#include <string.h>

#define MOST_WORD 40 /* longer words have no near neighbour */

/* Edits (insert, delete, replace, swap) between two short words. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[3][MOST_WORD + 1] = {{0}};
    for (size_t j = 0; j <= nb; j++) {
        row[1][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        row[2][0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = row[1][j - 1] + (a[i - 1] != b[j - 1]);
            size_t skip =
                (row[1][j] < row[2][j - 1] ? row[1][j] : row[2][j - 1]) + 1;
            best = skip < best ? skip : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && row[0][j - 2] + 1 < best) {
                best = row[0][j - 2] + 1;
            }
            row[2][j] = best;
        }
        memcpy(row[0], row[1], sizeof row[0]);
        memcpy(row[1], row[2], sizeof row[1]);
    }
    return row[1][nb];
}

const char *nearest_word(const char *text, const char *const *candidate,
                         size_t candidates)
{
    const char *best = NULL;
    size_t length = strlen(text);
    size_t least = length / 3 + 2; /* must be below this */
    for (size_t i = 0; i < candidates && length <= MOST_WORD; i++) {
        size_t edits =
            distance(text, length, candidate[i], strlen(candidate[i]));
        bool begins = candidate[i][0] == text[0];
        if (edits < least ||
            (best && edits == least && begins && best[0] != text[0])) {
            least = edits;
            best = candidate[i];
        }
    }
    return best;
}
