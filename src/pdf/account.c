#include "pdf/account.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/dict.h"
#include "pdf/file_state.h"
#include "pdf/lexer.h"
#include "pdf/write.h"

/* What an object of the copy may be beside what it was. */
enum kind { KIND_SAME = 0, KIND_STREAM, KIND_LENGTH };

struct account {
    const struct pdf_file *file;
    struct bytes source, copy;
    size_t at;      /* what stands before is accounted for */
    uint8_t *kind;  /* owned; enum kind, by number */
    size_t *length; /* owned; by number: of a stream, or what an object of a
                       length says */
};

static void account_release(struct account *account)
{
    free(account->kind);
    free(account->length);
}

static bool take(struct account *account, struct bytes expected)
{
    size_t left = account->copy.size - account->at;
    if (expected.size > left || memcmp(account->copy.data + account->at,
                                       expected.data, expected.size) != 0) {
        return false;
    }
    account->at += expected.size;
    return true;
}

static struct bytes original(const struct account *account, size_t begin,
                             size_t end)
{
    return (struct bytes){account->source.data + begin, end - begin};
}

/* The dictionary without what packing changes. */
static enum sting_status bare_dict(struct bytes dict, bool is_direct,
                                   struct buffer *out)
{
    static const struct dict_change none[] = {{"/Filter", NULL},
                                              {"/DecodeParms", NULL},
                                              {"/DL", NULL},
                                              {"/Length", NULL}};
    size_t changes = sizeof none / sizeof *none;
    return dict_write(dict, none, is_direct ? changes : changes - 1, out);
}

/* The dictionary at hand is that of the object; *direct is its /Length. */
static bool take_dict(struct account *account,
                      const struct layout_object *object, size_t *direct)
{
    struct buffer then STING_AUTO(buffer_release) = {0};
    struct buffer now STING_AUTO(buffer_release) = {0};
    struct lexer lexer = {account->copy, account->at};
    struct lexer_token token = pdf_lexer_object(&lexer), key, value;
    struct bytes dict = pdf_token_bytes(account->copy, token);
    bool is_direct = object->length_object == 0;
    if (token.kind != TOKEN_DICT || token.begin != account->at ||
        !pdf_dict_find(dict, "/Length", &key, &value) ||
        bare_dict(dict, is_direct, &now) ||
        bare_dict(original(account, object->value_begin, object->value_end),
                  is_direct, &then)) {
        return false;
    }
    account->at = token.end;
    *direct = value.kind == TOKEN_NUMBER ? (size_t)value.number : SIZE_MAX;
    return bytes_equal(buffer_bytes(&then), buffer_bytes(&now));
}

static bool take_stream(struct account *account, int number)
{
    const struct layout_object *object = &account->file->layout->object[number];
    struct bytes tail = original(account, object->stream_end, object->end);
    size_t length = 0;
    if (!take(account, original(account, object->begin, object->value_begin)) ||
        !take_dict(account, object, &length) ||
        !take(account,
              original(account, object->value_end, object->stream_begin))) {
        return false;
    }
    size_t left = account->copy.size - account->at;
    if (object->length_object > 0) {
        const uint8_t *data = account->copy.data + account->at;
        const uint8_t *end = memmem(data, left, tail.data, tail.size);
        length = end ? (size_t)(end - data) : SIZE_MAX;
    }
    if (length > left) {
        return false;
    }
    account->length[number] = length;
    account->at += length;
    return take(account, tail);
}

static bool take_length(struct account *account, int number)
{
    const struct layout_object *object = &account->file->layout->object[number];
    struct lexer lexer = {account->copy, 0};
    if (!take(account, original(account, object->begin, object->value_begin))) {
        return false;
    }
    lexer.at = account->at;
    struct lexer_token token = pdf_lexer_next(&lexer);
    account->length[number] = (size_t)token.number;
    account->at = token.end;
    return token.kind == TOKEN_NUMBER &&
           take(account, original(account, object->value_end, object->end));
}

static bool take_object(struct account *account, int number)
{
    const struct layout_object *object = &account->file->layout->object[number];
    struct bytes same = object->instead.size > 0
                            ? buffer_bytes(&object->instead)
                            : original(account, object->begin, object->end);
    bool good =
        take(account, same) ||
        (account->kind[number] == KIND_STREAM &&
         take_stream(account, number)) ||
        (account->kind[number] == KIND_LENGTH && take_length(account, number));
    uint8_t last = account->at > 0 ? account->copy.data[account->at - 1] : 0;
    return good &&
           (last == '\n' || last == '\r' || take(account, bytes_of_text("\n")));
}

static void may_change(struct account *account, int number)
{
    const struct layout *layout = account->file->layout;
    int length = layout->object[number].length_object;
    account->kind[number] = KIND_STREAM;
    if (length > 0) {
        account->kind[length] = KIND_LENGTH;
    }
}

static void list_marked(struct account *account)
{
    for (int p = 0; p < account->file->pages; p++) {
        const struct page_content *page = &account->file->page[p];
        for (uint32_t c = 0; c < page->contents; c++) {
            for (uint32_t i = 0; i < page->content[c].parts; i++) {
                may_change(account, page->content[c].part[i].number);
            }
        }
        for (uint32_t i = 0; i < page->images; i++) {
            if (page->image[i].number > 0) {
                may_change(account, page->image[i].number);
            }
        }
    }
}

/* The length of a stream, and what an object says that tells it. Either may
 * be the original's while the other is not. */
static size_t length_or(const struct account *account, int number,
                        size_t original)
{
    return account->length[number] != SIZE_MAX ? account->length[number]
                                               : original;
}

/* Lengths that stand apart say what they must. */
static bool lengths_agree(const struct account *account)
{
    const struct layout *layout = account->file->layout;
    for (int i = 1; i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        size_t then = object->stream_end - object->stream_begin;
        if (account->kind[i] == KIND_STREAM && object->length_object > 0 &&
            length_or(account, i, then) !=
                length_or(account, object->length_object, then)) {
            return false;
        }
    }
    return true;
}

/* What is left is the table alone, which says where it begins. */
static bool is_table(const struct account *account)
{
    static const char word[] = "startxref";
    const struct layout *layout = account->file->layout;
    struct lexer lexer = {account->copy, account->at};
    struct lexer_token first = pdf_lexer_next(&lexer);
    bool good = layout->has_stream ? first.kind == TOKEN_NUMBER &&
                                         (int)first.number == layout->table
                                   : pdf_token_is(account->copy, first, "xref");
    const uint8_t *rest = account->copy.data + account->at;
    const uint8_t *last =
        memmem(rest, account->copy.size - account->at, word, sizeof word - 1);
    if (!good || !last) {
        return false;
    }
    lexer.at = (size_t)(last - account->copy.data) + sizeof word - 1;
    struct lexer_token begin = pdf_lexer_next(&lexer);
    struct bytes end = {account->copy.data + begin.end,
                        account->copy.size - begin.end};
    return begin.kind == TOKEN_NUMBER && begin.number >= 0 &&
           (size_t)begin.number == first.begin &&
           end.size < sizeof "\r\n%%EOF\r\n" &&
           memmem(end.data, end.size, "%%EOF", 5);
}

static enum sting_status forged(struct fault *fault, const char *what,
                                int number)
{
    return fault_set(fault, STING_E_FORGED,
                     "save the original anew in another program first",
                     "the copy holds what its original does not: %s %d", what,
                     number);
}

static enum sting_status take_all(struct account *account, struct fault *fault)
{
    const struct layout *layout = account->file->layout;
    if (!take(account, write_header(account->source))) {
        return forged(fault, "line", 1);
    }
    for (int i = 0; i < layout->orders; i++) {
        if (!take_object(account, layout->order[i])) {
            return forged(fault, "object", layout->order[i]);
        }
    }
    return is_table(account) && lengths_agree(account)
               ? STING_OK
               : forged(fault, "table of", layout->objects);
}

enum sting_status pdf_file_account(struct pdf_file *file, struct bytes copy,
                                   struct fault *fault)
{
    enum sting_status status = write_prepare(file, fault);
    if (status) {
        return status;
    }
    size_t objects = (size_t)file->layout->objects;
    struct account account STING_AUTO(account_release) = {
        .file = file,
        .source = source_file(file->source),
        .copy = copy,
        .kind = calloc(objects, 1),
        .length = calloc(objects, sizeof *account.length),
    };
    if (!account.kind || !account.length) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < objects; i++) {
        account.length[i] = SIZE_MAX;
    }
    list_marked(&account);
    return take_all(&account, fault);
}
