/* A register that is read has as many valid names as it says, and is written
 * again as the same bytes when it is of the newest version; a sheet's values
 * stay within what was asked for. */
#include <stdlib.h>
#include <string.h>

#include "operation/register.h"
#include "operation/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void batch_hold(const struct register_batch *batch)
{
    hold(batch->copies > 0 && batch->copies <= REGISTER_MOST_COPIES);
    hold(batch->holder.count == batch->copies);
    for (uint32_t i = 0; i < batch->copies; i++) {
        struct register_copy copy = register_copy_at(batch, i);
        hold(copy.number == batch->first + i);
        hold(holder_name_is_valid(bytes_of_text(copy.holder)));
    }
}

static void again_hold(const struct register_batch *batch, struct bytes from)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer head STING_AUTO(buffer_release) = {0};
    struct register_batch back STING_AUTO(register_batch_release) = {0};
    hold(!register_head_write(batch, &text));
    hold(!buffer_append(&text, holder_list_text(&batch->holder)));
    hold(!register_read(&text, batch->first, &back));
    hold(bytes_equal(holder_list_text(&back.holder),
                     holder_list_text(&batch->holder)));
    hold(!register_head_write(&back, &head));
    hold(head.size < from.size + 4096);
}

static void sheet_hold(struct bytes from)
{
    char text[16];
    int64_t number = -1;
    struct bytes rest = from;
    if (!sheet_take_text(&rest, "copies", text, sizeof text)) {
        hold(strlen(text) < sizeof text && rest.size < from.size);
    }
    rest = from;
    if (!sheet_take_number(&rest, "copies", 99, &number)) {
        hold(number >= 0 && number <= 99);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct register_batch batch STING_AUTO(register_batch_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct bytes from = {data, size};
    sheet_hold(from);
    hold(!buffer_append(&text, from));
    if (!register_read(&text, 7, &batch)) {
        batch_hold(&batch);
        if (!batch.salt) {
            again_hold(&batch, from);
        }
    }
    return 0;
}
