/* Epoch lines that nobody signed. Anybody can append one; an honest one is what
 * a death in a hand-over left: the last line of all, with the key that it names
 * in keys/epoch.next, and the one before it still in keys/epoch. */
#include <string.h>

#include "ledger/recover_state.h"

void epoch_keys_look(const struct ledger *ledger, struct scan *scan)
{
    static const char *const name[] = {"keys/epoch", "keys/epoch.next"};
    for (size_t i = 0; i < 2; i++) {
        struct secret key STING_AUTO(secret_wipe) = {{0}};
        scan->has_here[i] =
            !ledger_key_read(ledger->operation, name[i], &key, NULL);
        if (scan->has_here[i]) {
            scan->here[i] = signature_public(&key);
        }
    }
}

static bool is_here(const struct scan *scan, size_t i,
                    const struct public_key *key)
{
    return scan->has_here[i] && public_key_equal(&scan->here[i], key);
}

/* The line of a hand-over that start-up finishes. */
static bool can_finish(const struct ledger *ledger, const struct scan *scan,
                       const struct line *line)
{
    struct public_key next;
    int64_t n = -1;
    int64_t first = -1;
    return is_here(scan, 0, &scan->epoch) &&
           !line_hex(line, "next", next.byte, PUBLIC_KEY_SIZE) &&
           is_here(scan, 1, &next) && !line_integer(line, "n", &n) &&
           !line_integer(line, "first", &first) &&
           (uint64_t)n == ledger->epoch &&
           (uint64_t)first == ledger->epoch_first;
}

/* Where checkpoints were taken away, hand-overs that were finished long ago
 * stand behind the last one that is left: none of their keys lies here. */
bool epoch_ends_at(const struct ledger *ledger, const struct scan *scan,
                   const struct line *line)
{
    bool is_open =
        is_here(scan, 0, &scan->epoch) || is_here(scan, 1, &scan->epoch);
    bool is_behind = scan->epoch_end >= scan->note_size &&
                     is_here(scan, 0, &scan->epoch_last) &&
                     is_here(scan, 1, &scan->epoch);
    return is_behind || (is_open && !strcmp(line->kind->name, "epoch") &&
                         !can_finish(ledger, scan, line));
}
