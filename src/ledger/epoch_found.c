/* Epoch lines that nobody signed. Anybody can append one; an honest one is what
 * a death in a hand-over left, whose key still lies in keys/epoch. To finish
 * that would be to sign what stands before it and was not looked at: it is put
 * aside, and the epoch goes on. */
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

/* Where checkpoints were taken away, hand-overs that were finished long ago
 * stand behind the last one that is left: none of their keys lies here. */
bool epoch_ends_at(const struct scan *scan, const struct line *line)
{
    return !strcmp(line->kind->name, "epoch") &&
           (is_here(scan, 0, &scan->epoch) || is_here(scan, 1, &scan->epoch));
}
