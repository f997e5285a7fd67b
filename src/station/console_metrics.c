/* What Prometheus is told: the numbers of the Health page. */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "alert/alerts.h"
#include "anchor/anchors.h"
#include "base/file.h"
#include "base/text.h"
#include "ledger/store.h"
#include "station/console_health.h"
#include "station/viewing.h"

#define METRICS_FILE "keys/metrics"

/* ---- the word that lets in ---- */

/* A word that an admin gave it: its hash is kept. */
static bool token_fits(const struct console *console, const char *said_token)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct secret token, kept, is;
    if (hex_read(bytes_of_text(said_token), token.byte, SECRET_SIZE) ||
        file_read(operation_dir(console->desk->operation), METRICS_FILE, 128,
                  &text, NULL) ||
        text.size < (size_t)2 * SECRET_SIZE ||
        hex_read((struct bytes){text.data, (size_t)2 * SECRET_SIZE}, kept.byte,
                 SECRET_SIZE)) {
        return false;
    }
    struct digest digest = digest_of(secret_bytes(&token));
    memcpy(is.byte, digest.byte, SECRET_SIZE);
    secret_wipe(&token);
    return secret_equal(&is, &kept);
}

int console_metrics_token(struct console *console, const struct asked *asked,
                          struct reply *reply)
{
    struct fault fault = {"", ""};
    char text[DIGEST_TEXT_SIZE];
    struct secret token STING_AUTO(secret_wipe) =
        random_secret(operation_random(console->desk->operation));
    digest_text(digest_of(secret_bytes(&token)), text);
    text[DIGEST_TEXT_SIZE - 1] = '\n';
    if (file_write(operation_dir(console->desk->operation), METRICS_FILE,
                   (struct bytes){(const uint8_t *)text, sizeof text}, 0600,
                   &fault)) {
        return reply_refuse(reply, 503, "disk", fault.why);
    }
    console_line(console, asked->now, "metrics-token", NULL, asked->user->name,
                 NULL);
    hex_write(secret_bytes(&token), text);
    reply->json = json_new_object();
    json_add_text(reply->json, "token", text);
    secret_wipe_bytes(text, sizeof text);
    return 200;
}

/* ---- numbers ---- */

static enum sting_status one(struct buffer *out, const char *name, double value)
{
    return buffer_printf(out, "sting_%s %.17g\n", name, value);
}

struct labelled {
    const char *name;
    double value;
    bool is_left_out;
};

/* Several of one thing; `label` is what stands in their braces. Names that
 * operation.yaml may have need no escape there. */
static enum sting_status several(struct buffer *out, const char *label,
                                 const struct labelled row[], size_t rows)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < rows && !status; i++) {
        if (!row[i].is_left_out) {
            status = buffer_printf(out, "sting_%s{%s} %.17g\n", row[i].name,
                                   label, row[i].value);
        }
    }
    return status;
}

static enum sting_status camera_write(const struct console *console,
                                      const struct camera *camera,
                                      struct moment now, struct buffer *out)
{
    char label[CONFIG_NAME_SIZE + 16];
    const struct health_camera lost =
        console_losses(console, camera->config->name);
    int64_t last_us = camera_last_us(camera, now);
    const struct labelled row[] = {
        {"camera_up", camera->is_on, false},
        {"camera_frame_age_seconds",
         (double)(now.boot_us - camera->alive_us) / 1e6, !camera->is_on},
        {"camera_last_frame_timestamp_seconds", (double)last_us / 1e6,
         !last_us},
        {"camera_losses_total", lost.losses, false},
        {"camera_gaps_total", lost.gaps, false},
        {"camera_gap_seconds_total", (double)lost.gap_us / 1e6, false},
        {"camera_clock_ahead_seconds", (double)camera->clock.off_us / 1e6,
         !camera->clock.is_known},
    };
    (void)snprintf(label, sizeof label, "camera=\"%s\"", camera->config->name);
    return several(out, label, row, sizeof row / sizeof *row);
}

static enum sting_status channels_write(const struct console *console,
                                        struct buffer *out)
{
    const struct desk *desk = console->desk;
    size_t count = desk->alerts ? operation_config(desk->operation)->alerts : 0;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < count && !status; i++) {
        char label[48];
        const struct alerts_channel is = alerts_channel(desk->alerts, i);
        const struct labelled row[] = {
            {"channel_waiting", (double)is.waiting, false},
            {"channel_failures_total", is.failures, false},
            {"channel_sent_timestamp_seconds", (double)is.sent_us / 1e6,
             !is.sent_us},
            {"channel_failed_timestamp_seconds", (double)is.failed_us / 1e6,
             !is.failed_us},
        };
        (void)snprintf(label, sizeof label, "channel=\"%s\"", is.name);
        status = several(out, label, row, sizeof row / sizeof *row);
    }
    return status;
}

static enum sting_status outsiders_write(const struct console *console,
                                         struct buffer *out)
{
    const struct anchors *anchors = *console->desk->anchors;
    enum sting_status status = STING_OK;
    for (size_t i = 0; anchors && i < anchors_count(anchors) && !status; i++) {
        char label[48];
        const struct anchors_outsider is = anchors_outsider(anchors, i);
        const struct labelled row[] = {
            {"outsider_waiting", is.waits, false},
            {"outsider_refusals_total", is.refusals, false},
            {"outsider_vouched_timestamp_seconds", (double)is.good_us / 1e6,
             !is.good_us},
            {"outsider_vouched_lines", (double)is.lines, !is.good_us},
        };
        (void)snprintf(label, sizeof label, "outsider=\"%s\"", is.name);
        status = several(out, label, row, sizeof row / sizeof *row);
    }
    return status;
}

static enum sting_status workers_write(const struct console *console,
                                       struct buffer *out)
{
    struct part part;
    const struct health_worker *deaths = NULL;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < PARTS_MOST && !status; i++) {
        char label[CONFIG_NAME_SIZE + 80];
        if (!console_part(console, i, &part, &deaths)) {
            continue;
        }
        const struct labelled row[] = {
            {"worker_up", part.runs, false},
            {"worker_starts_total", part.starts, false},
            {"worker_deaths_total", deaths ? deaths->deaths : 0, false},
            {"worker_start_timestamp_seconds", (double)part.since_us / 1e6,
             !part.runs},
        };
        (void)snprintf(label, sizeof label,
                       "worker=\"%s\",of=\"%s\",camera=\"%s\"", part.name,
                       part.of, part.camera ? part.camera : "");
        status = several(out, label, row, sizeof row / sizeof *row);
    }
    return status;
}

static size_t viewers(const struct console *console)
{
    size_t count = 0;
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        count += console->viewing->stream[i].id != 0;
    }
    return count;
}

/* How far the record is signed, and vouched for; what the clock is. */
static enum sting_status record_write(const struct console *console,
                                      struct buffer *out)
{
    const struct health *health = console_ledger_health(console);
    const struct clock_state clock = clock_state_of(clock_now);
    const struct {
        const char *name;
        double value;
        bool is_known;
    } row[] = {
        {"ledger_signed_lines", (double)health->signed_lines,
         health->signed_us > 0},
        {"ledger_signed_timestamp_seconds", (double)health->signed_us / 1e6,
         health->signed_us > 0},
        {"ledger_vouched_lines", (double)health->vouched_lines,
         health->vouched_us > 0},
        {"ledger_vouched_timestamp_seconds", (double)health->vouched_us / 1e6,
         health->vouched_us > 0},
        {"clock_synced", clock.sync == CLOCK_SYNCED,
         clock.sync != CLOCK_UNKNOWN},
        {"clock_error_seconds", (double)clock.error_us / 1e6,
         clock.error_us >= 0},
    };
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        status =
            row[i].is_known ? one(out, row[i].name, row[i].value) : STING_OK;
    }
    return status;
}

static enum sting_status station_write(const struct console *console,
                                       struct moment now, struct buffer *out)
{
    const struct desk *desk = console->desk;
    struct statvfs disk = {0};
    bool is_kept = desk->core && !desk->is_broken;
    int64_t up_us = now.boot_us - desk->since.boot_us;
    (void)fstatvfs(operation_dir(desk->operation), &disk);
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    int64_t days = console_days_left(console, (int64_t)room);
    const struct {
        const char *name;
        double value;
    } row[] = {
        {"up_seconds", (double)up_us / 1e6},
        {"record_kept", is_kept},
        {"disk_has_room", desk->has_room},
        {"disk_free_bytes", room},
        {"ledger_lines",
         is_kept ? (double)ledger_lines(core_ledger(desk->core)) : 0},
        {"alerts_waiting",
         desk->alerts ? (double)alerts_waiting(desk->alerts) : 0},
        {"incident_open", incidents_open(desk->incidents) != NULL},
        {"incidents_total", console->incidents},
        {"viewers", (double)viewers(console)},
        {"web_worker_starts_total", console->starts},
    };
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        status = one(out, row[i].name, row[i].value);
    }
    return status || days < 0 ? status
                              : one(out, "disk_days_left", (double)days);
}

static enum sting_status metrics_write(const struct console *console,
                                       struct moment now, struct buffer *out)
{
    enum sting_status status = station_write(console, now, out);
    if (!status) {
        status = record_write(console, out);
    }
    for (size_t i = 0; i < console->cameras && !status; i++) {
        status = camera_write(console, &console->camera[i], now, out);
    }
    if (!status) {
        status = channels_write(console, out);
    }
    if (!status) {
        status = outsiders_write(console, out);
    }
    return status ? status : workers_write(console, out);
}

int console_metrics(struct console *console, const struct asked *asked,
                    struct reply *reply)
{
    bool may = asked->user ? (asked->user->role & ASK_AUDITOR) == 0 &&
                                 !strcmp(asked->user->cameras, "*")
                           : token_fits(console, asked->secret);
    if (!may) {
        return reply_refuse(reply, asked->user ? 403 : 401, "no-session",
                            "log in, or send the token that an admin made");
    }
    reply->kind = ASK_BODY_TEXT;
    return metrics_write(console, asked->now, &reply->body)
               ? reply_refuse(reply, 503, "memory", "out of memory")
               : 200;
}
