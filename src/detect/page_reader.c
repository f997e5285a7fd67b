#include "detect/page_reader.h"

#define READ_AGAIN_US INT64_C(10000000) /* at first, then twice as long */

void page_reader_release(struct page_reader *reader)
{
    page_number_free(&reader->number);
}

enum sting_status page_reader_add(struct page_reader *reader, int width,
                                  int height, const struct page_print *print)
{
    enum sting_status status = STING_OK;
    if (!reader->number) {
        status = page_number_new(width, height, &reader->number);
    }
    if (!status) {
        page_number_add(reader->number, print);
        page_reader_forget(reader); /* it is among more now */
    }
    return status;
}

void page_reader_forget(struct page_reader *reader)
{
    reader->is_reading = false;
    reader->page = 0;
    reader->read_us = INT64_MIN;
    reader->wait_us = READ_AGAIN_US;
}

int page_reader_look(struct page_reader *reader, const struct plane_f *mean,
                     const struct page_sheet *sheet, bool is_whole,
                     int64_t at_us)
{
    struct page_reading reading;
    if (!reader->number || reader->page) {
        return 0;
    }
    if (!reader->is_reading && is_whole && at_us >= reader->read_us) {
        page_number_begin(reader->number, mean, sheet);
        reader->is_reading = true;
    }
    if (reader->is_reading && page_number_step(reader->number, &reading)) {
        reader->is_reading = false;
        reader->read_us = at_us + reader->wait_us;
        reader->wait_us *= 2;
        reader->page = reading.is_sure ? reading.page : 0;
    }
    return reader->page;
}
