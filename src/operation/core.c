#include "operation/core.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "ledger/line.h"
#include "ledger/store.h"
#include "ledger/told.h"
#include "operation/ack_link.h"
#include "operation/backup.h"
#include "operation/core_socket.h"
#include "operation/duty.h"
#include "operation/kept.h"

#define BACKLOG 16

struct core {
    int lock;
    const struct operation *operation;
    struct moment (*now)(void);
    struct ledger *ledger;
    int64_t until_us;
    struct duty *duty; /* borrowed; NULL */
    bool cuts;         /* recordings are to be cut */
    core_show *show;   /* NULL */
    void *show_context;
};

void core_free(struct core **core)
{
    if (*core) {
        ledger_free(&(*core)->ledger);
        fd_close(&(*core)->lock); /* gives the lock back */
    }
    free(*core);
    *core = NULL;
}

static enum sting_status lock_take(const struct operation *operation, int *out,
                                   struct fault *fault)
{
    int fd = openat(operation_dir(operation), "lock",
                    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "the file lock cannot be opened");
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool is_taken = errno == EWOULDBLOCK;
        close(fd);
        return is_taken ? fault_set(fault, STING_E_BUSY,
                                    "let it end, or use another operation",
                                    "another station or command writes here")
                        : fault_errno(fault, STING_E_IO, "",
                                      "the file lock cannot be locked");
    }
    *out = fd;
    return STING_OK;
}

/* What was changed beside the ledger; who may not write lets go in order. */
static enum sting_status look_beside(struct core *core, bool confirms,
                                     struct fault *fault)
{
    const struct kept_order order = {
        .now = core->now(), .begins = true, .confirms = confirms};
    enum sting_status status =
        kept_check(core->operation, core->ledger, &order, fault);
    struct fault ignored;
    if (status == STING_E_FORGED) {
        (void)!ledger_close(&core->ledger, core->now(), "refused", &ignored);
    }
    return status;
}

static enum sting_status core_begin(const struct operation *operation,
                                    struct moment (*now)(void), bool confirms,
                                    struct core **out, struct fault *fault)
{
    struct core *core STING_AUTO(core_free) = calloc(1, sizeof *core);
    const struct clock_state clock = clock_state_of(now);
    char place[TOLD_PLACE_SIZE];
    const struct ledger_context context = {
        .random = operation_random(operation),
        .config = operation_config_digest(operation),
        .place = kept_place(operation_dir(operation), place),
        .clock = &clock};
    if (!core) {
        return STING_E_NOMEM;
    }
    if (operation_office(operation)) {
        return fault_set(fault, STING_E_ARG, "name the operation around it",
                         "an imported record is not written into");
    }
    if (faccessat(operation_dir(operation), BACKUP_FILE, F_OK,
                  AT_SYMLINK_NOFOLLOW) == 0) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "make an operation of it with sting restore",
                         "this is a backup, and is not written into");
    }
    core->lock = -1;
    core->now = now;
    core->operation = operation;
    enum sting_status status = lock_take(operation, &core->lock, fault);
    if (!status) {
        status = ledger_open(operation_dir(operation), &context, clock.at,
                             &core->ledger, fault);
    }
    if (!status) {
        status = look_beside(core, confirms, fault);
    }
    if (status) {
        return status;
    }
    *out = core;
    core = NULL;
    return STING_OK;
}

enum sting_status core_open(const struct operation *operation,
                            struct moment (*now)(void), struct core **out,
                            struct fault *fault)
{
    return core_begin(operation, now, false, out, fault);
}

enum sting_status core_open_confirming(const struct operation *operation,
                                       struct moment (*now)(void),
                                       struct core **out, struct fault *fault)
{
    return core_begin(operation, now, true, out, fault);
}

enum sting_status core_close(struct core **core, const char *why,
                             struct fault *fault)
{
    enum sting_status status =
        ledger_close(&(*core)->ledger, (*core)->now(), why, fault);
    core_free(core);
    return status;
}

struct ledger *core_ledger(struct core *core)
{
    return core->ledger;
}

int64_t core_until_us(const struct core *core)
{
    return core->until_us;
}

void core_duty_set(struct core *core, struct duty *duty)
{
    core->duty = duty;
}

void core_show_set(struct core *core, core_show *show, void *context)
{
    core->show = show;
    core->show_context = context;
}

bool core_cut_taken(struct core *core)
{
    bool cuts = core->cuts;
    core->cuts = false;
    return cuts;
}

/* The end that an `extend` line tells; of others *until_us is kept. */
static enum sting_status until_read(const char *kind,
                                    const struct line_field *field,
                                    size_t fields, int64_t *until_us,
                                    struct fault *fault)
{
    bool extends = !strcmp(kind, "extend");
    for (size_t i = 0; extends && i < fields; i++) {
        if (!strcmp(field[i].name, "until") &&
            clock_parse(field[i].value, until_us)) {
            return fault_set(fault, STING_E_FORMAT,
                             "write it like 2027-01-31 or 2027-01-31T09:00:00Z",
                             "\"%.40s\" is no date", field[i].value);
        }
    }
    return STING_OK;
}

enum sting_status core_line_write(const char *kind,
                                  const struct line_field *field, size_t fields,
                                  struct buffer *out)
{
    enum sting_status status = buffer_append(
        out, (struct bytes){(const uint8_t *)kind, strlen(kind) + 1});
    for (size_t i = 0; i < fields && !status; i++) {
        const char *part[] = {field[i].name, field[i].value};
        for (size_t p = 0; p < 2 && field[i].value && !status; p++) {
            status = buffer_append(out, (struct bytes){(const uint8_t *)part[p],
                                                       strlen(part[p]) + 1});
        }
    }
    return status;
}

/* The next text of a request; NULL when its NUL is missing. */
static const char *text_take(struct bytes *from)
{
    const uint8_t *end = from->size ? memchr(from->data, 0, from->size) : NULL;
    if (!end) {
        return NULL;
    }
    const char *text = (const char *)from->data;
    size_t used = (size_t)(end - from->data) + 1;
    from->data += used;
    from->size -= used;
    return text;
}

static enum sting_status line_handle(struct core *core, struct bytes payload,
                                     struct wire_head *answer,
                                     struct fault *fault)
{
    struct line_field field[LINE_MOST_FIELDS];
    size_t fields = 0;
    uint64_t seq = 0;
    const char *kind = text_take(&payload);
    bool is_whole = kind != NULL;
    while (is_whole && payload.size > 0 && fields < LINE_MOST_FIELDS) {
        field[fields].name = text_take(&payload);
        field[fields].value = field[fields].name ? text_take(&payload) : NULL;
        is_whole = field[fields++].value != NULL;
    }
    if (!is_whole || payload.size > 0) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the request for a line is malformed");
    }
    if (!strcmp(kind, "close")) { /* closing.c, which destroys the keys too */
        return fault_set(fault, STING_E_ARG, "use sting close",
                         "a close line does not come over core.sock");
    }
    struct moment now = core->now();
    int64_t until_us = core->until_us;
    enum sting_status status =
        until_read(kind, field, fields, &until_us, fault);
    if (!status) {
        status =
            ledger_append(core->ledger, now, kind, field, fields, &seq, fault);
    }
    answer->number[0] = (int64_t)seq;
    core->until_us = status ? core->until_us : until_us;
    if (!status && core->duty) {
        duty_said(core->duty, now, kind, field, fields);
    }
    return status;
}

/* Whose link it is, if it is good. */
static enum sting_status link_check(const struct core *core, const char *word,
                                    struct ack_link *link, struct fault *fault)
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    if (!core->duty) {
        return fault_set(fault, STING_E_ABSENT, "start it",
                         "links are taken by a station that runs");
    }
    enum sting_status status = ack_link_key(core->operation, &key, fault);
    if (!status) {
        status = ack_link_read(&key, word, core->now().utc_us / 1000000, link,
                               fault);
    }
    return !status && duty_link_was_used(core->duty, link)
               ? fault_set(fault, STING_E_LIMIT, "",
                           "this link was used: incident %u is acknowledged",
                           link->incident)
               : status;
}

/* Somebody has followed the link of an alert. */
static enum sting_status ack_handle(struct core *core, struct bytes payload,
                                    struct wire_head *answer,
                                    struct fault *fault)
{
    char incident[16];
    char nonce[2 * ACK_LINK_NONCE + 1];
    struct ack_link link = {.incident = 0};
    const char *word = text_take(&payload);
    const char *by = word ? text_take(&payload) : NULL;
    if (!by) {
        return fault_set(fault, STING_E_FORMAT, "", "the request is malformed");
    }
    enum sting_status status = link_check(core, word, &link, fault);
    if (status) {
        return status;
    }
    (void)snprintf(incident, sizeof incident, "%u", link.incident);
    hex_write((struct bytes){link.nonce, sizeof link.nonce}, nonce);
    const struct line_field field[] = {{"incident", incident},
                                       {"by", by[0] ? by : "who has the link"},
                                       {"via", "link"},
                                       {"link", nonce}};
    struct moment now = core->now();
    status = ledger_append(core->ledger, now, "ack", field,
                           sizeof field / sizeof *field, NULL, fault);
    if (!status) {
        duty_said(core->duty, now, "ack", field, sizeof field / sizeof *field);
        answer->number[0] = link.incident;
    }
    return status;
}

static enum sting_status blob_handle(struct core *core, struct bytes payload,
                                     struct buffer *out, struct fault *fault)
{
    struct ledger_blob blob;
    if (payload.size > CORE_MOST_BLOB_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "", "the text is too long");
    }
    enum sting_status status = ledger_blob(core->ledger, payload, &blob, fault);
    if (!status) {
        status = buffer_append(out, (struct bytes){blob.ct.byte, DIGEST_SIZE});
    }
    return status
               ? status
               : buffer_append(out, (struct bytes){blob.pt.byte, DIGEST_SIZE});
}

/* A command is about to write: is what it goes by what this one goes by, or
 * else something that may be gone by? */
static enum sting_status look_handle(struct core *core, struct bytes payload,
                                     struct fault *fault)
{
    struct operation *again STING_AUTO(operation_close) = NULL;
    const struct operation *is = core->operation;
    enum sting_status status = STING_OK;
    if (!bytes_equal(payload, bytes_of_text(operation_config_digest(is)))) {
        status = operation_open(operation_path(is), &again, fault);
        is = again;
    }
    if (!status &&
        !bytes_equal(payload, bytes_of_text(operation_config_digest(is)))) {
        return fault_set(fault, STING_E_IO, "do it again",
                         "%s was changed meanwhile", CONFIG_FILE);
    }
    const struct kept_order order = {.now = core->now()};
    return status ? status : kept_check(is, core->ledger, &order, fault);
}

static enum sting_status seal_handle(struct core *core,
                                     const struct wire_head *request,
                                     struct fault *fault)
{
    if (request->number[0] == 2) {
        return ledger_next_epoch(core->ledger, core->now(), fault);
    }
    core->cuts = core->cuts || request->number[0] == 1;
    return ledger_checkpoint(core->ledger, core->now(), fault);
}

static enum sting_status show_handle(struct core *core,
                                     const struct wire_head *request,
                                     struct bytes payload, struct fault *fault)
{
    if (!core->show) {
        return fault_set(fault, STING_E_ABSENT, "", "there is no console");
    }
    core->show(core->show_context, request, payload, core->now());
    return STING_OK;
}

/* A fault as the payload of WIRE_FAILED: why NUL todo (wire.h). */
static void answer_fault(enum sting_status status, const struct fault *fault,
                         struct wire_head *answer, struct buffer *out)
{
    *answer = (struct wire_head){.kind = WIRE_FAILED, .number = {status}};
    out->size = 0;
    struct bytes why = {(const uint8_t *)fault->why, strlen(fault->why) + 1};
    if (buffer_append(out, why) ||
        buffer_append(out, bytes_of_text(fault->todo))) {
        out->size = 0; /* without memory the status has to do */
    }
}

void core_handle(struct core *core, const struct wire_head *request,
                 struct bytes payload, struct wire_head *answer,
                 struct buffer *out)
{
    struct fault fault = {"", ""};
    enum sting_status status;
    out->size = 0;
    *answer = (struct wire_head){.kind = WIRE_DONE};
    if (request->kind == WIRE_CORE_LINE) {
        status = line_handle(core, payload, answer, &fault);
    } else if (request->kind == WIRE_CORE_BLOB) {
        status = blob_handle(core, payload, out, &fault);
    } else if (request->kind == WIRE_CORE_LOOK) {
        status = look_handle(core, payload, &fault);
    } else if (request->kind == WIRE_CORE_ACK) {
        status = ack_handle(core, payload, answer, &fault);
    } else if (request->kind == WIRE_CORE_SEAL) {
        status = seal_handle(core, request, &fault);
    } else if (request->kind == WIRE_CORE_SHOW) {
        status = show_handle(core, request, payload, &fault);
    } else {
        status = fault_set(&fault, STING_E_UNSUPPORTED, "",
                           "the core takes no %s", wire_name(request->kind));
    }
    if (!status) {
        /* What was asked is done. A hand-over that fails closes the ledger;
         * the next line says so. */
        (void)!ledger_epoch_tick(core->ledger, core->now(), &fault);
    }
    if (status) {
        answer_fault(status, &fault, answer, out);
    }
    answer->payload_bytes = (uint32_t)out->size;
}

enum sting_status core_address(const struct operation *operation,
                               struct sockaddr_un *out, struct fault *fault)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int used = snprintf(out->sun_path, sizeof out->sun_path, "%s/%s",
                        operation_path(operation), CORE_SOCKET);
    if (used >= (int)sizeof out->sun_path) {
        return fault_set(fault, STING_E_LIMIT, "give the folder a shorter path",
                         "the path of %s is too long", CORE_SOCKET);
    }
    return STING_OK;
}

enum sting_status core_listen(const struct operation *operation, int *fd,
                              struct fault *fault)
{
    struct sockaddr_un address;
    enum sting_status status = core_address(operation, &address, fault);
    if (status) {
        return status;
    }
    int made STING_AUTO(fd_close) =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Whoever listens holds the lock, so an old socket is nobody's. */
    core_unlisten(operation);
    mode_t before = umask(0177);
    int failed = made < 0 ||
                 bind(made, (struct sockaddr *)&address, sizeof address) != 0;
    umask(before);
    if (failed || listen(made, BACKLOG) != 0) {
        return fault_errno(fault, STING_E_IO, "check the folder's permissions",
                           "%s cannot be opened", CORE_SOCKET);
    }
    *fd = made;
    made = -1;
    return STING_OK;
}

void core_unlisten(const struct operation *operation)
{
    (void)unlinkat(operation_dir(operation), CORE_SOCKET, 0);
}

bool core_peer_is_ours(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.uid == geteuid();
}
