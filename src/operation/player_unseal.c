#include "operation/player_unseal.h"

#include <string.h>

#include "ledger/recording.h"

/* Every stanza is answered by the same key; the header's MAC tells if it is
 * the right one. */
static enum sting_status key_give(void *context,
                                  const struct age_wrapped *wrapped,
                                  uint8_t file_key[AGE_FILE_KEY_BYTES])
{
    const struct player_unseal *unseal = context;
    (void)wrapped;
    memcpy(file_key, unseal->order.file_key, AGE_FILE_KEY_BYTES);
    return STING_OK;
}

void player_unseal_release(struct player_unseal *unseal)
{
    age_reader_free(&unseal->reader);
    digest_release(&unseal->ct);
    secret_wipe_bytes(&unseal->order, sizeof unseal->order);
    unseal->left = 0;
}

enum sting_status player_unseal_begin(struct player_unseal *unseal,
                                      const struct player_unseal_order *order,
                                      size_t bytes, const struct buffer *into)
{
    const struct age_with with = {.ask = key_give, .context = unseal};
    player_unseal_release(unseal);
    unseal->order = *order;
    unseal->left = bytes;
    unseal->start = into->size;
    digest_init(&unseal->ct);
    return age_reader_new(&with, &unseal->reader);
}

/* All of it is there: is it what the ledger tells of? */
static enum sting_status hold(struct player_unseal *unseal, struct buffer *into)
{
    static const struct digest none = {{0}};
    enum sting_status status = age_reader_end(unseal->reader, into);
    if (status) {
        return status;
    }
    struct digest pt = digest_of(
        (struct bytes){into->data + unseal->start, into->size - unseal->start});
    bool is_pt = digest_equal(unseal->order.pt, none) ||
                 digest_equal(unseal->order.pt, pt);
    return is_pt && digest_equal(digest_final(&unseal->ct), unseal->order.ct)
               ? STING_OK
               : STING_E_FORGED;
}

enum sting_status player_unseal_put(struct player_unseal *unseal,
                                    struct bytes sealed, struct buffer *into)
{
    if (!unseal->reader || sealed.size > unseal->left) {
        return STING_E_ARG;
    }
    unseal->left -= sealed.size;
    digest_update(&unseal->ct, sealed);
    enum sting_status status = age_reader_put(unseal->reader, sealed, into);
    if (!status && into->size - unseal->start > 2 * RECORDING_MOST_BYTES) {
        status = STING_E_LIMIT;
    }
    if (!status && unseal->left == 0) {
        status = hold(unseal, into);
    }
    if (status || unseal->left == 0) {
        player_unseal_release(unseal);
    }
    return status;
}
