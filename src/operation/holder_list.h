/*
 * holder_list: the names of up to a million holders in the memory that their
 * letters take.
 *
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_HOLDER_LIST_H
#define STING_OPERATION_HOLDER_LIST_H

#include "base/base.h"
#include "base/buffer.h"

#define HOLDER_SIZE 256 /* bytes of UTF-8 with the NUL */

struct holder_list {
    uint32_t count;
    struct buffer text; /* owned; each name with its NUL */
    uint32_t *begin;    /* owned; places in text, by index */
    uint32_t room;
    uint32_t before; /* bytes of text in front of the first name */
};

void holder_list_release(struct holder_list *list);

/* Is it 1 to 255 bytes of UTF-8 on one line, without control characters? */
bool holder_name_is_valid(struct bytes name);

/* Add one at the end. Fails: E_ARG when it is not valid, E_NOMEM. */
STING_MUST_USE enum sting_status holder_list_add(struct holder_list *list,
                                                 struct bytes name);

/* Give back room that was reserved for more. */
void holder_list_trim(struct holder_list *list);

/* The name at `index`, which is below count; borrowed. */
const char *holder_list_at(const struct holder_list *list, uint32_t index);

/* All names as they are stored: each with its NUL. Borrowed. */
struct bytes holder_list_text(const struct holder_list *list);

/* Take over a text whose last `size` bytes are exactly `count` names, each
 * with its NUL; *text is then empty. Fails: E_FORMAT, E_NOMEM; *text kept. */
STING_MUST_USE enum sting_status holder_list_take(struct holder_list *list,
                                                  struct buffer *text,
                                                  size_t size, uint32_t count);

#endif
