#include "bait/holders.h"

#include <ctype.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define FIRST_SLOTS ((size_t)256)

void holders_release(struct holders *holders)
{
    holder_list_release(&holders->list);
    free(holders->slot);
    *holders = (struct holders){0};
}

void holders_settle(struct holders *holders)
{
    holder_list_trim(&holders->list);
    free(holders->slot);
    holders->slot = NULL;
    holders->slots = 0;
}

/* Below `count`, each as likely as any other. */
static uint32_t random_below(const struct random_source *random, uint32_t count)
{
    uint32_t even = UINT32_MAX - UINT32_MAX % count;
    uint32_t value = even;
    while (value >= even) {
        random_fill(random, (uint8_t *)&value, sizeof value);
    }
    return value % count;
}

enum sting_status holders_shuffle(struct holders *holders,
                                  const struct random_source *random)
{
    struct holder_list mixed STING_AUTO(holder_list_release) = {0};
    struct holder_list *list = &holders->list;
    enum sting_status status = STING_OK;
    for (uint32_t i = list->count; i > 1; i--) {
        uint32_t other = random_below(random, i);
        uint32_t begin = list->begin[other];
        list->begin[other] = list->begin[i - 1];
        list->begin[i - 1] = begin;
    }
    for (uint32_t i = 0; i < list->count && !status; i++) {
        status =
            holder_list_add(&mixed, bytes_of_text(holder_list_at(list, i)));
    }
    if (!status) {
        holder_list_release(list);
        *list = mixed; /* moves */
        mixed = (struct holder_list){0};
        holders_settle(holders);
    }
    return status;
}

void holders_folder(const char *name, char out[HOLDER_SIZE])
{
    size_t size = 0;
    for (; name[size] && size + 1 < HOLDER_SIZE; size++) {
        unsigned char c = (unsigned char)name[size];
        bool harmless = c >= ' ' && c != 127 && c != '/' && c != '\\';
        out[size] = '_';
        if (harmless) {
            out[size] = name[size];
        }
    }
    out[size] = '\0';
    if (out[0] == '.') {
        out[0] = '_';
    }
}

static struct bytes trimmed(struct bytes name)
{
    while (name.size > 0 && (name.data[0] == ' ' || name.data[0] == '\t')) {
        name.data++;
        name.size--;
    }
    while (name.size > 0 && (name.data[name.size - 1] == ' ' ||
                             name.data[name.size - 1] == '\t')) {
        name.size--;
    }
    return name;
}

/* FNV-1a over the folder, capitals and small letters alike. */
static size_t hash_of(const char *folder)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (; *folder; folder++) {
        hash ^= (uint64_t)(tolower)((unsigned char)*folder);
        hash *= 0x100000001b3;
    }
    return (size_t)(hash ^ hash >> 32);
}

/* Where a folder is or would go. */
static uint32_t *slot_of(const struct holders *holders, const char *folder)
{
    char other[HOLDER_SIZE];
    size_t at = hash_of(folder);
    for (;; at++) {
        uint32_t *slot = &holders->slot[at & (holders->slots - 1)];
        if (*slot == 0) {
            return slot;
        }
        holders_folder(holder_list_at(&holders->list, *slot - 1), other);
        if (!strcasecmp(folder, other)) {
            return slot;
        }
    }
}

/* At most three of four slots are taken. */
static enum sting_status slots_make(struct holders *holders)
{
    char folder[HOLDER_SIZE];
    size_t needed = (size_t)holders->list.count + 1;
    if (needed * 4 <= holders->slots * 3) {
        return STING_OK;
    }
    size_t slots = holders->slots ? holders->slots : FIRST_SLOTS;
    while (needed * 4 > slots * 3) {
        slots *= 2;
    }
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot) {
        return STING_E_NOMEM;
    }
    free(holders->slot);
    holders->slot = slot;
    holders->slots = slots;
    for (uint32_t i = 0; i < holders->list.count; i++) {
        holders_folder(holder_list_at(&holders->list, i), folder);
        *slot_of(holders, folder) = i + 1;
    }
    return STING_OK;
}

int64_t holders_find(const struct holders *holders, const char *name)
{
    char folder[HOLDER_SIZE];
    if (holders->slots == 0) {
        return -1;
    }
    holders_folder(name, folder);
    return (int64_t)*slot_of(holders, folder) - 1;
}

static enum sting_status refuse_double(const struct holders *holders,
                                       const char *text, uint32_t other,
                                       struct fault *fault)
{
    const char *there = holder_list_at(&holders->list, other);
    if (!strcmp(there, text)) {
        return fault_set(fault, STING_E_ARG,
                         "tell them apart by name, or leave one out",
                         "holder \"%.120s\" is listed twice", text);
    }
    return fault_set(fault, STING_E_ARG, "tell them apart by name",
                     "holder \"%.120s\" would share a folder with \"%.120s\"",
                     text, there);
}

/* Nothing in it reorders or hides what stands around it. */
static bool is_all_shown(const char *text)
{
    bool is_shown = true;
    while (*text && is_shown) {
        text += text_shown(text, &is_shown);
    }
    return is_shown;
}

/* Letters and their accents as one character where there is one. */
static enum sting_status composed(struct bytes name, char out[HOLDER_SIZE],
                                  bool *fits)
{
    char *whole = g_utf8_normalize((const char *)name.data, (gssize)name.size,
                                   G_NORMALIZE_NFC);
    size_t size = whole ? strlen(whole) : 0;
    *fits = size > 0 && size < HOLDER_SIZE;
    if (*fits) {
        memcpy(out, whole, size + 1);
    }
    g_free(whole);
    return whole ? STING_OK : STING_E_NOMEM;
}

enum sting_status holder_name(struct bytes given, char out[HOLDER_SIZE],
                              struct fault *fault)
{
    struct bytes name = trimmed(given);
    bool fits = holder_name_is_valid(name);
    enum sting_status status = fits ? composed(name, out, &fits) : STING_OK;
    if (status) {
        return status;
    }
    if (!fits) {
        return fault_set(fault, STING_E_ARG, "give each holder a plain name",
                         "no name of 1 to %d bytes of UTF-8 on one line",
                         HOLDER_SIZE - 1);
    }
    return is_all_shown(out)
               ? STING_OK
               : fault_set(fault, STING_E_ARG, "type the name anew",
                           "a name with a character that reorders or hides "
                           "others");
}

enum sting_status holders_add(struct holders *holders, struct bytes name,
                              struct fault *fault)
{
    char text[HOLDER_SIZE];
    char folder[HOLDER_SIZE];
    struct fault bare = {"", ""};
    enum sting_status status = holder_name(name, text, &bare);
    if (status) {
        return fault_set(fault, status, bare.todo, "holder %u has %.280s",
                         holders->list.count + 1, bare.why);
    }
    if (holders->list.count == REGISTER_MOST_COPIES) {
        return fault_set(fault, STING_E_LIMIT, "issue several batches",
                         "more than %d holders", REGISTER_MOST_COPIES);
    }
    status = slots_make(holders);
    if (status) {
        return status;
    }
    holders_folder(text, folder);
    uint32_t *slot = slot_of(holders, folder);
    if (*slot) {
        return refuse_double(holders, text, *slot - 1, fault);
    }
    status = holder_list_add(&holders->list, bytes_of_text(text));
    if (!status) {
        *slot = holders->list.count;
    }
    return status;
}

enum sting_status holders_filter(struct holders *holders, const bool *keep)
{
    struct holders kept STING_AUTO(holders_release) = {0};
    enum sting_status status = STING_OK;
    for (uint32_t i = 0; !status && i < holders->list.count; i++) {
        if (keep[i]) {
            status = holders_add(
                &kept, bytes_of_text(holder_list_at(&holders->list, i)), NULL);
        }
    }
    if (!status) {
        holders_release(holders);
        *holders = kept;
        kept = (struct holders){0};
    }
    return status;
}
