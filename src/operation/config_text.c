#include "operation/config_text.h"

#include "operation/config.h"
#include "operation/sheet.h"

static const char tail[] =
    "\n"
    "# An incident is over when nothing was seen for so many seconds.\n"
    "quiet_s: 10\n"
    "\n"
    "# What is watched: cameras of the network or at this machine\n"
    "# (/dev/video0), or clips as if they were cameras. Corners of\n"
    "# zones are parts of the picture's width and height, from its top left.\n"
    "cameras:\n"
    "#  - name: garage\n"
    "#    url: rtsp://192.0.2.10/stream\n"
    "#    user: watcher\n"
    "#    password_file: keys/garage.password\n"
    "#    zones:\n"
    "#      - name: table\n"
    "#        bait: water-tank\n"
    "#        copy: 7\n"
    "#        polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 0.9], [0.3, 0.9]]\n"
    "\n"
    "# Who is told: webhooks, mail, mqtt, syslog. With a secret a webhook's\n"
    "# messages are signed. sting alert test OP tries them.\n"
    "alerts:\n"
    "#  - webhook: https://example.org/hook\n"
    "#    secret_file: keys/webhook.secret\n"
    "#  - mail: smtp://mx.example.org:587\n"
    "#    from: sting@example.org\n"
    "#    to: night@example.org\n"
    "#    user: sting\n"
    "#    password_file: keys/mail.password\n"
    "#    tier: touch\n"
    "#    after_s: 120\n"
    "#anchors:\n"
    "#  - tsa: https://example.org/tsa\n"
    "#    ca_file: keys/tsa-ca.pem\n"
    "#  - witness: http://example.org:8300\n"
    "#    key: what sting verify --witness prints there\n";

/* Append KEY: "TEXT" with the text escaped for YAML. */
static enum sting_status text_write(struct buffer *out, const char *key,
                                    const char *text, struct fault *fault)
{
    if (!text || !sheet_text_is_valid(text)) {
        return fault_set(fault, STING_E_ARG, "write it on one line of text",
                         "%s is empty or holds control characters", key);
    }
    enum sting_status status = buffer_printf(out, "%s: \"", key);
    for (; *text && !status; text++) {
        const char *escape = *text == '"' || *text == '\\' ? "\\" : "";
        status = buffer_printf(out, "%s%c", escape, *text);
    }
    return status ? status : buffer_text_append(out, "\"\n");
}

static enum sting_status purpose_write(const struct operation_plan *plan,
                                       struct buffer *out, struct fault *fault)
{
    enum sting_status status = buffer_text_append(
        out, "# One operation. `sting check` tells mistakes with line and "
             "column.\n\n");
    const struct {
        const char *key;
        const char *text;
    } row[] = {{"goal", plan->goal},
               {"legal_basis", plan->legal_basis},
               {"decided_by", plan->decided_by}};
    if (!status && plan->role != CONFIG_SINGLE) {
        status = buffer_printf(out, "role: %s\n", config_role_text(plan->role));
    }
    for (size_t i = 0; i < 3 && !status && plan->role != CONFIG_BOX; i++) {
        status = text_write(out, row[i].key, row[i].text, fault);
    }
    if (!status && plan->until) {
        status = text_write(out, "until", plan->until, fault);
    }
    return status;
}

static enum sting_status recipients_write(const struct operation_plan *plan,
                                          const struct operation_made *made,
                                          struct buffer *out)
{
    enum sting_status status = buffer_text_append(
        out, "\n# Everything is sealed to these public keys; each opens it "
             "alone.\nrecipients:\n");
    for (size_t i = 0; i < made->recipients && !status; i++) {
        status = buffer_printf(out, "  - %s%s\n", made->recipient[i],
                               plan->role == CONFIG_BOX ? ""
                               : i == 0                 ? " # keys/identity"
                               : made->recovery[0] ? " # recovery, on paper"
                                                   : "");
    }
    return status;
}

/* Everybody but the operation's own identity, which the first person has. */
static enum sting_status names_write(const struct operation_made *made,
                                     struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out,
        "\n# Who holds which copy is sealed to these alone: a trace gives "
        "the copy,\n# the second person the name.\nblind: yes\n"
        "names_recipients:\n  - %s # keys/names\n",
        made->names);
    for (size_t i = 1; i < made->recipients && !status; i++) {
        status = buffer_printf(out, "  - %s\n", made->recipient[i]);
    }
    return status;
}

enum sting_status config_text_write(const struct operation_plan *plan,
                                    const struct operation_made *made,
                                    struct buffer *out, struct fault *fault)
{
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes;
    enum sting_status status = purpose_write(plan, out, fault);
    if (!status) {
        status = recipients_write(plan, made, out);
    }
    if (!status && plan->two_people) {
        status = buffer_text_append(
            out, "\n# keys/identity lies under two people's passphrases.\n"
                 "two_people: yes\n");
    }
    if (!status && plan->blind) {
        status = names_write(made, out);
    }
    if (!status) {
        status = buffer_text_append(out, tail);
    }
    if (status) {
        return status;
    }
    status = config_parse(buffer_bytes(out), &config, &mistakes);
    return status != STING_E_FORMAT
               ? status
               : fault_set(fault, STING_E_ARG, mistakes.mistake[0].todo, "%s",
                           mistakes.mistake[0].why);
}
