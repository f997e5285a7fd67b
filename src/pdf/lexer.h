/*
 * lexer: the tokens of PDF syntax, with where each begins and ends.
 *
 * Serves both content streams and whole objects. Every token is a range of
 * the bytes given, so that what is not edited can be copied as it stands.
 * Source: ISO 32000-1, 7.2 and 7.3. Threads: any.
 */
#ifndef STING_PDF_LEXER_H
#define STING_PDF_LEXER_H

#include "base/base.h"
#include "base/buffer.h"

enum lexer_kind {
    TOKEN_END = 0,
    TOKEN_NUMBER,
    TOKEN_NAME,   /* with its slash */
    TOKEN_STRING, /* with its brackets, ( ) or < > */
    TOKEN_ARRAY,  /* whole, from pdf_lexer_object; or its '[' alone */
    TOKEN_ARRAY_END,
    TOKEN_DICT, /* whole, from pdf_lexer_object; or its '<<' alone */
    TOKEN_DICT_END,
    TOKEN_WORD, /* an operator or keyword */
};

struct lexer_token {
    enum lexer_kind kind;
    size_t begin, end; /* offsets into the bytes */
    double number;     /* of a TOKEN_NUMBER */
};

struct lexer {
    struct bytes text; /* borrowed */
    size_t at;
};

/* The next token; TOKEN_END for ever at the end. Never fails: what is no
 * PDF at all comes out as words. */
struct lexer_token pdf_lexer_next(struct lexer *lexer);

/* As above, arrays and dictionaries as one token reaching to their end (or
 * to the end of the bytes). */
struct lexer_token pdf_lexer_object(struct lexer *lexer);

/* The token's bytes are exactly this text. */
bool pdf_token_is(struct bytes text, struct lexer_token token,
                  const char *word);
struct bytes pdf_token_bytes(struct bytes text, struct lexer_token token);

/* Append the bytes that a TOKEN_STRING stands for. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status pdf_string_read(struct bytes text,
                                                 struct lexer_token token,
                                                 struct buffer *out);

/* Append a string as PDF writes it: ( ) with escapes, or < > when `hex`.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status pdf_string_write(struct bytes string, bool hex,
                                                  struct buffer *out);
/* The same without what it begins and ends with. */
STING_MUST_USE enum sting_status pdf_string_inside(struct bytes string,
                                                   bool hex,
                                                   struct buffer *out);

/* The value of `key` (with its slash) in the dictionary that begins at
 * text.data: *out is a whole object, a reference "7 0 R" as one range of
 * kind TOKEN_WORD. Gives false when the key is not there. */
bool pdf_dict_find(struct bytes text, const char *key,
                   struct lexer_token *key_out, struct lexer_token *out);

/* lexer->at stands behind the operator ID of an inline image: move it past
 * the image's EI. `dict` is the text between BI and ID. */
void pdf_lexer_skip_image(struct lexer *lexer, struct bytes dict);

#endif
