#include "station/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

static void add_text(struct json *json, const char *key, const char *value)
{
    if (value) {
        json_add_text(json, key, value);
    }
}

static void tell_programs(const struct tale *tale, int64_t utc_us,
                          const char *text)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "event", tale->event);
    json_add_time(json, "at", utc_us);
    add_text(json, "state", tale->state);
    add_text(json, "camera", tale->camera);
    add_text(json, "zone", tale->zone);
    add_text(json, "kind", tale->kind);
    add_text(json, "tier", tale->tier);
    if (tale->incident > 0) {
        json_add_integer(json, "incident", tale->incident);
    }
    json_add_text(json, "text", text);
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
        fflush(stdout);
    }
}

void tell(const struct teller *teller, const struct tale *tale,
          const char *format, ...)
{
    char text[640];
    char clock[16] = "";
    int64_t utc_us = clock_now().utc_us;
    time_t seconds = (time_t)(utc_us / 1000000);
    struct tm local;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_clean(text);
    if (localtime_r(&seconds, &local)) {
        strftime(clock, sizeof clock, "%H:%M:%S", &local);
    }
    fprintf(stderr, "%s  %s\n", clock, text);
    if (teller->heard) {
        teller->heard(teller->hearer, tale, utc_us, text);
    }
    if (teller->json) {
        tell_programs(tale, utc_us, text);
    }
}
