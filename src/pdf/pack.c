#include "pdf/pack.h"

#include <stdio.h>
#include <stdlib.h>

#include <libdeflate.h>

#include "pdf/dict.h"
#include "pdf/lexer.h"

#define LEVEL_SAMPLES 9

static const int level_of[] = {
    [PACK_QUICK] = 6, [PACK_FAIR] = 9, [PACK_GOOD] = 10, [PACK_TIGHT] = 12};

struct pack {
    struct libdeflate_compressor *compressor;
    struct libdeflate_decompressor *decompressor; /* NULL until it is wanted */
    struct buffer inflated;                       /* owned; scratch */
};

void pack_free(struct pack **pack)
{
    if (*pack) {
        libdeflate_free_compressor((*pack)->compressor);
        if ((*pack)->decompressor) {
            libdeflate_free_decompressor((*pack)->decompressor);
        }
        buffer_release(&(*pack)->inflated);
    }
    free(*pack);
    *pack = NULL;
}

static enum sting_status pack_at(int level, struct pack **out)
{
    struct pack *pack = calloc(1, sizeof *pack);
    if (pack) {
        pack->compressor = libdeflate_alloc_compressor(level);
    }
    if (!pack || !pack->compressor) {
        free(pack);
        return STING_E_NOMEM;
    }
    *out = pack;
    return STING_OK;
}

enum sting_status pack_new(enum pack_effort effort, struct pack **out)
{
    return pack_at(level_of[effort], out);
}

static enum sting_status deflate_with(struct pack *pack, struct bytes plain,
                                      struct buffer *out)
{
    size_t most = libdeflate_zlib_compress_bound(pack->compressor, plain.size);
    enum sting_status status = buffer_reserve(out, most);
    if (status) {
        return status;
    }
    out->size += libdeflate_zlib_compress(
        pack->compressor, plain.data, plain.size, out->data + out->size, most);
    out->data[out->size] = 0;
    return STING_OK;
}

static enum sting_status deflate_at(int level, struct bytes plain,
                                    struct buffer *out)
{
    struct pack *pack STING_AUTO(pack_free) = NULL;
    enum sting_status status = pack_at(level, &pack);
    return status ? status : deflate_with(pack, plain, out);
}

enum sting_status pack_holds(struct pack *pack, struct bytes packed,
                             size_t plain)
{
    if (!pack->decompressor) {
        pack->decompressor = libdeflate_alloc_decompressor();
    }
    pack->inflated.size = 0;
    enum sting_status status = buffer_reserve(&pack->inflated, plain);
    if (status || !pack->decompressor) {
        return STING_E_NOMEM;
    }
    return libdeflate_zlib_decompress(pack->decompressor, packed.data,
                                      packed.size, pack->inflated.data, plain,
                                      NULL) == LIBDEFLATE_SUCCESS
               ? STING_OK
               : STING_E_FORGED;
}

enum sting_status pack_deflate(struct bytes plain, struct buffer *out)
{
    return deflate_at(level_of[PACK_TIGHT], plain, out);
}

enum sting_status pack_samples(struct bytes plain, struct buffer *out)
{
    return deflate_at(LEVEL_SAMPLES, plain, out);
}

const char *pack_version(void)
{
    return LIBDEFLATE_VERSION_STRING;
}

enum sting_status pack_sum(struct bytes plain, uint32_t *out)
{
    uint32_t sum = 0;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < sizeof level_of / sizeof *level_of; i++) {
        struct buffer packed STING_AUTO(buffer_release) = {0};
        status = deflate_at(level_of[i], plain, &packed);
        sum = status ? 0 : libdeflate_crc32(sum, packed.data, packed.size);
    }
    *out = sum;
    return status;
}

static bool has_key(struct bytes dict, const char *key)
{
    struct lexer_token name, value;
    return pdf_dict_find(dict, key, &name, &value);
}

static enum sting_status put_dict(const struct layout_object *object,
                                  struct bytes dict, size_t size, size_t plain,
                                  struct buffer *out)
{
    char length[24], full[24];
    struct dict_change change[4];
    size_t changes = 0;
    snprintf(length, sizeof length, "%zu", size);
    snprintf(full, sizeof full, "%zu", plain);
    if (object->length_object == 0) {
        change[changes++] = (struct dict_change){"/Length", length};
    }
    if (has_key(dict, "/Filter")) {
        change[changes++] = (struct dict_change){"/Filter", "/FlateDecode"};
        change[changes++] = (struct dict_change){"/DecodeParms", NULL};
    }
    if (has_key(dict, "/DL")) {
        change[changes++] = (struct dict_change){"/DL", full};
    }
    return dict_write(dict, change, changes, out);
}

static struct bytes range(struct bytes file, size_t begin, size_t end)
{
    return (struct bytes){file.data + begin, end - begin};
}

bool pack_is_packed(const struct layout *layout, struct bytes file, int number)
{
    const struct layout_object *object = &layout->object[number];
    return has_key(range(file, object->value_begin, object->value_end),
                   "/Filter");
}

enum sting_status pack_data(const struct layout *layout, struct bytes file,
                            int number, struct bytes data, size_t plain,
                            struct buffer *out)
{
    const struct layout_object *object = &layout->object[number];
    struct bytes dict = range(file, object->value_begin, object->value_end);
    enum sting_status status =
        buffer_append(out, range(file, object->begin, object->value_begin));
    if (!status) {
        status = put_dict(object, dict, data.size, plain, out);
    }
    if (!status) {
        status = buffer_append(
            out, range(file, object->value_end, object->stream_begin));
    }
    if (!status) {
        status = buffer_append(out, data);
    }
    return status ? status
                  : buffer_append(out,
                                  range(file, object->stream_end, object->end));
}

/* NOLINTNEXTLINE(readability-function-size): which, of what, by what, to */
enum sting_status pack_stream(const struct layout *layout, struct bytes file,
                              int number, struct bytes plain, struct pack *pack,
                              struct buffer *out, size_t *length)
{
    struct buffer packed STING_AUTO(buffer_release) = {0};
    enum sting_status status = pack_is_packed(layout, file, number)
                                   ? deflate_with(pack, plain, &packed)
                                   : buffer_append(&packed, plain);
    *length = packed.size;
    return status ? status
                  : pack_data(layout, file, number, buffer_bytes(&packed),
                              plain.size, out);
}

/* One member of an object stream, as its head lists it. */
struct member {
    int number;
    size_t begin, end;
};

static int dict_integer(struct bytes dict, const char *key)
{
    struct lexer_token name, value;
    return pdf_dict_find(dict, key, &name, &value) &&
                   value.kind == TOKEN_NUMBER && value.number >= 0 &&
                   value.number < 1e8
               ? (int)value.number
               : -1;
}

static bool read_members(struct bytes plain, int count, size_t first,
                         struct member *member)
{
    struct lexer lexer = {plain, 0};
    for (int i = 0; i < count; i++) {
        struct lexer_token number = pdf_lexer_next(&lexer);
        struct lexer_token offset = pdf_lexer_next(&lexer);
        if (number.kind != TOKEN_NUMBER || offset.kind != TOKEN_NUMBER ||
            !(offset.number >= 0 && offset.number < 1e9) ||
            !(number.number >= 0 && number.number < 1e9)) {
            return false;
        }
        member[i].number = (int)number.number;
        member[i].begin = first + (size_t)offset.number;
        if (member[i].begin > plain.size ||
            (i > 0 && member[i].begin < member[i - 1].begin)) {
            return false;
        }
        member[i].end = plain.size;
        if (i > 0) {
            member[i - 1].end = member[i].begin;
        }
    }
    return true;
}

static bool is_kept(const struct layout *layout, int container,
                    const struct member *member)
{
    if (member->number < 1 || member->number >= layout->objects) {
        return false;
    }
    const struct layout_object *object = &layout->object[member->number];
    return object->is_live && object->is_packed &&
           object->container == container;
}

static enum sting_status rebuild(struct layout *layout, struct bytes file,
                                 int container, struct bytes plain,
                                 const struct member *member, int members)
{
    struct buffer head STING_AUTO(buffer_release) = {0};
    struct buffer body STING_AUTO(buffer_release) = {0};
    struct buffer all STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    int kept = 0;
    for (int i = 0; !status && i < members; i++) {
        if (!is_kept(layout, container, &member[i])) {
            continue;
        }
        layout->object[member[i].number].index = kept++;
        status = buffer_printf(&head, "%d %zu ", member[i].number, body.size);
        if (!status) {
            status = buffer_append(
                &body, range(plain, member[i].begin, member[i].end));
        }
        if (!status) {
            status = buffer_text_append(&body, "\n");
        }
    }
    struct layout_object *object = &layout->object[container];
    char count[24], first[24], length[24];
    snprintf(count, sizeof count, "%d", kept);
    snprintf(first, sizeof first, "%zu", head.size);
    if (!status) {
        status = buffer_append(&head, buffer_bytes(&body));
    }
    if (!status) {
        status = pack_deflate(buffer_bytes(&head), &all);
    }
    snprintf(length, sizeof length, "%zu", all.size);
    const struct dict_change change[] = {
        {"/N", count},          {"/First", first},
        {"/Length", length},    {"/Filter", "/FlateDecode"},
        {"/DecodeParms", NULL}, {"/Extends", NULL}};
    struct buffer *out = &object->instead;
    if (!status) {
        status =
            buffer_append(out, range(file, object->begin, object->value_begin));
    }
    if (!status) {
        status = dict_write(range(file, object->value_begin, object->value_end),
                            change, sizeof change / sizeof *change, out);
    }
    if (!status) {
        status = buffer_append(
            out, range(file, object->value_end, object->stream_begin));
    }
    if (!status) {
        status = buffer_append(out, buffer_bytes(&all));
    }
    return status ? status
                  : buffer_append(out,
                                  range(file, object->stream_end, object->end));
}

static enum sting_status broken(struct fault *fault)
{
    return fault_set(fault, STING_E_FORMAT,
                     "open it in a viewer and save it as a new file",
                     "the PDF is damaged: an object stream is not whole");
}

enum sting_status pack_without_dead(struct layout *layout,
                                    struct source *source, int number,
                                    struct fault *fault)
{
    const struct layout_object *object = &layout->object[number];
    struct bytes file = source_file(source);
    struct bytes dict = range(file, object->value_begin, object->value_end);
    struct buffer plain STING_AUTO(buffer_release) = {0};
    int members = dict_integer(dict, "/N");
    int first = dict_integer(dict, "/First");
    enum sting_status status = pdf_source_stream(source, number, &plain, fault);
    if (status) {
        return status;
    }
    if (members < 0 || first < 0 || (size_t)members > plain.size) {
        return broken(fault);
    }
    struct member *member = calloc((size_t)members + 1, sizeof *member);
    if (!member) {
        return STING_E_NOMEM;
    }
    bool whole =
        read_members(buffer_bytes(&plain), members, (size_t)first, member);
    int kept = 0;
    for (int i = 0; whole && i < members; i++) {
        kept += is_kept(layout, number, &member[i]);
    }
    status = whole ? STING_OK : broken(fault);
    if (!status && kept < members) {
        status = rebuild(layout, file, number, buffer_bytes(&plain), member,
                         members);
    }
    free(member);
    return status;
}
