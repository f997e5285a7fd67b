#include "print/qr.h"

#include <errno.h>

#include <qrencode.h>

#define MOST_BYTES 1000
#define QUIET 4 /* modules around, as the standard wants */

static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width) {
        return false;
    }
    return code->data[y * code->width + x] & 1;
}

/* Two rows of modules: white on black, so that light is what is drawn. */
static enum sting_status rows_write(const QRcode *code, int y,
                                    struct buffer *out)
{
    static const char *const block[2][2] = {{"\xe2\x96\x88", "\xe2\x96\x80"},
                                            {"\xe2\x96\x84", " "}};
    enum sting_status status = buffer_text_append(out, "\033[38;5;15;48;5;16m");
    for (int x = -QUIET; x < code->width + QUIET && !status; x++) {
        status = buffer_text_append(
            out, block[is_dark(code, x, y)][is_dark(code, x, y + 1)]);
    }
    return status ? status : buffer_text_append(out, "\033[0m\n");
}

enum sting_status qr_text(struct bytes content, struct buffer *out)
{
    if (content.size == 0 || content.size > MOST_BYTES) {
        return STING_E_LIMIT;
    }
    QRcode *code =
        QRcode_encodeData((int)content.size, content.data, 0, QR_ECLEVEL_M);
    if (!code) {
        return errno == ERANGE ? STING_E_LIMIT : STING_E_NOMEM;
    }
    enum sting_status status = STING_OK;
    for (int y = -QUIET; y < code->width + QUIET && !status; y += 2) {
        status = rows_write(code, y, out);
    }
    QRcode_free(code);
    return status;
}
