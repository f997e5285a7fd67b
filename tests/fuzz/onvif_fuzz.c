/* What devices answer. Pieces are told in order: what opened last closes
 * first, the end comes when all is closed, text lies within the bytes. Of any
 * answer at most as many texts come out as there is room for, each printable
 * and ended. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "watch/onvif.h"
#include "watch/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void pieces_hold(struct bytes in)
{
    struct xml x = {.rest = in};
    struct bytes piece;
    size_t steps = 0;
    int open = 0;
    enum xml_kind kind;
    while ((kind = xml_next(&x, &piece)) < XML_END) {
        char value[ONVIF_TEXT];
        open += kind == XML_OPEN;
        hold(x.depth == open);
        open -= kind == XML_CLOSE;
        hold(open >= 0 && open <= XML_MOST_DEPTH);
        hold(piece.data >= in.data &&
             piece.data + piece.size <= in.data + in.size);
        hold(++steps <= 2 * in.size);
        xml_text(piece, value, 1 + steps % sizeof value);
        hold(strlen(value) <= piece.size);
        (void)xml_attribute(piece, "token", value, sizeof value);
    }
    hold(kind == XML_BAD || open == 0);
    hold(xml_next(&x, &piece) == kind);
}

static void texts_hold(struct bytes in, int question)
{
    static int pair[2] = {-1, -1};
    static char text[ONVIF_MOST_PROFILES][ONVIF_TEXT];
    const struct wire_head ask = {.kind = WIRE_CHECK_ONVIF,
                                  .number = {question}};
    struct fault fault = {"", ""};
    struct wire_head head;
    struct buffer payload = {0};
    if (pair[0] < 0) {
        hold(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    }
    if (!onvif_serve(&pair[1], &ask, in, &fault)) {
        hold(!wire_receive(pair[0], &head, &payload));
        size_t texts =
            onvif_texts(buffer_bytes(&payload), text, ONVIF_MOST_PROFILES);
        hold(texts > 0 && texts <= ONVIF_MOST_PROFILES && text[0][0]);
        for (size_t i = 0; i < texts; i++) {
            hold(memchr(text[i], 0, ONVIF_TEXT) != NULL);
            for (const char *c = text[i]; *c; c++) {
                hold((uint8_t)*c >= ' ' && *c != 127);
            }
        }
    }
    buffer_release(&payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    pieces_hold(in);
    for (int question = 0; question < ONVIF_QUESTIONS; question++) {
        texts_hold(in, question);
    }
    return 0;
}
