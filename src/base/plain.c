#include "base/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FIRST_ROOM ((size_t)256)
#define NOT_TEXT 0xfffdU

void plain_release(struct plain *plain)
{
    free(plain->code);
    free(plain->from);
    *plain = (struct plain){0};
}

static enum sting_status keep(struct plain *plain, uint32_t code, uint32_t from)
{
    if (plain->size == plain->room) {
        size_t room = plain->room ? plain->room * 2 : FIRST_ROOM;
        void *codes = reallocarray(plain->code, room, sizeof *plain->code);
        plain->code = codes ? codes : plain->code;
        void *froms = reallocarray(plain->from, room, sizeof *plain->from);
        plain->from = froms ? froms : plain->from;
        if (!codes || !froms) {
            return STING_E_NOMEM;
        }
        plain->room = room;
    }
    plain->code[plain->size] = code;
    plain->from[plain->size++] = from;
    return STING_OK;
}

/* Characters of one kind, and what all of them are taken for. */
static const struct {
    uint32_t first, last;
    const char *as;
} alike[] = {
    {0x00a0, 0x00a0, " "},   {0x00ad, 0x00ad, ""},    {0x2000, 0x200a, " "},
    {0x200b, 0x200f, ""},    {0x2010, 0x2015, "-"},   {0x2018, 0x201b, "'"},
    {0x201c, 0x201f, "\""},  {0x00ab, 0x00ab, "\""},  {0x00bb, 0x00bb, "\""},
    {0x2026, 0x2026, "..."}, {0x2028, 0x2029, " "},   {0x202f, 0x202f, " "},
    {0x2032, 0x2032, "'"},   {0x2033, 0x2033, "\""},  {0x2039, 0x203a, "'"},
    {0x2044, 0x2044, "/"},   {0x2212, 0x2212, "-"},   {0x3000, 0x3000, " "},
    {0xfb00, 0xfb00, "ff"},  {0xfb01, 0xfb01, "fi"},  {0xfb02, 0xfb02, "fl"},
    {0xfb03, 0xfb03, "ffi"}, {0xfb04, 0xfb04, "ffl"}, {0xfeff, 0xfeff, ""},
    {0x0009, 0x000d, " "},   {0x0060, 0x0060, "'"},   {0x00b4, 0x00b4, "'"},
};

/* Capitals of the scripts that have them, in runs of one distance. */
static const struct {
    uint32_t first, last, step, distance;
} capital[] = {
    {'A', 'Z', 1, 32},       {0x00c0, 0x00d6, 1, 32}, {0x00d8, 0x00de, 1, 32},
    {0x0100, 0x0136, 2, 1},  {0x0139, 0x0147, 2, 1},  {0x014a, 0x0176, 2, 1},
    {0x0179, 0x017d, 2, 1},  {0x0391, 0x03a9, 1, 32}, {0x0400, 0x040f, 1, 80},
    {0x0410, 0x042f, 1, 32},
};

static uint32_t small(uint32_t code)
{
    for (size_t i = 0; i < sizeof capital / sizeof *capital; i++) {
        if (code >= capital[i].first && code <= capital[i].last &&
            (code - capital[i].first) % capital[i].step == 0) {
            return code + capital[i].distance;
        }
    }
    return code;
}

/* One blank is enough, and none at the beginning. */
static enum sting_status keep_one(struct plain *plain, uint32_t code,
                                  uint32_t from)
{
    bool is_more = code == ' ' &&
                   (plain->size == 0 || plain->code[plain->size - 1] == ' ');
    return is_more ? STING_OK : keep(plain, small(code), from);
}

enum sting_status plain_add(struct plain *plain, uint32_t code, uint32_t from)
{
    enum sting_status status = STING_OK;
    size_t size = plain->size;
    if (code == '\n' && size > 1 && plain->code[size - 1] == '-' &&
        plain->code[size - 2] != ' ') {
        plain->size--; /* a word parted at the end of a line */
        return STING_OK;
    }
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (code < alike[i].first || code > alike[i].last) {
            continue;
        }
        for (const char *as = alike[i].as; !status && *as; as++) {
            status = keep_one(plain, (uint8_t)*as, from);
        }
        return status;
    }
    return keep_one(plain, code, from);
}

uint32_t plain_decode(struct bytes text, size_t *bytes)
{
    char head[5] = "";
    uint32_t point = 0;
    memcpy(head, text.data, text.size < 4 ? text.size : 4);
    size_t size = utf8_read(head, &point);
    *bytes = size > 0 ? size : 1;
    return size > 0 ? point : NOT_TEXT;
}

enum sting_status plain_add_text(struct plain *plain, struct bytes text)
{
    enum sting_status status = STING_OK;
    for (size_t at = 0, size = 0; !status && at < text.size; at += size) {
        struct bytes rest = {text.data + at, text.size - at};
        uint32_t code = plain_decode(rest, &size);
        status = code == '\r' && rest.size > 1 && rest.data[1] == '\n'
                     ? STING_OK
                     : plain_add(plain, code, (uint32_t)at);
    }
    return status;
}
