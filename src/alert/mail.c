#include "alert/mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "crypt/kdf.h"

#define LINE_BYTES 57 /* 76 characters of base64 */
#define THREAD_SIZE 33
#define S INT64_C(1000000)

/* Base64 in lines. */
static enum sting_status base64_lines(struct buffer *out, struct bytes data)
{
    enum sting_status status =
        buffer_reserve(out, data.size / LINE_BYTES * 78 + 80);
    for (size_t at = 0; at < data.size && !status; at += LINE_BYTES) {
        size_t size = data.size - at < LINE_BYTES ? data.size - at : LINE_BYTES;
        status = base64_append(out, (struct bytes){data.data + at, size}, true);
        if (!status) {
            status = buffer_text_append(out, "\r\n");
        }
    }
    return status;
}

/* A name for what belongs together, that nobody else has. */
static char *thread_of(const struct mail *mail, const struct message *message,
                       char text[THREAD_SIZE])
{
    char about[40];
    (void)snprintf(about, sizeof about, "%" PRIu32, message->incident.number);
    const struct bytes part[] = {bytes_of_text("mail"), bytes_of_text(about)};
    const struct digest name = hmac_sha256(secret_bytes(mail->key), part, 2);
    hex_write((struct bytes){name.byte, (THREAD_SIZE - 1) / 2}, text);
    return text;
}

/* Days and months by their numbers: strftime's are the language's. */
static enum sting_status date_append(struct buffer *out, int64_t utc_us)
{
    static const char day[] = "SunMonTueWedThuFriSat";
    static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(utc_us / S);
    struct tm utc = {0};
    (void)gmtime_r(&seconds, &utc);
    return buffer_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
                         day + 3 * (size_t)utc.tm_wday, utc.tm_mday,
                         month + 3 * (size_t)utc.tm_mon, utc.tm_year + 1900,
                         utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* Words of RFC 2047, a line each, cut between characters. */
static enum sting_status subject_append(struct buffer *out, const char *text)
{
    enum sting_status status = buffer_text_append(out, "Subject:");
    while (*text && !status) {
        size_t size = strnlen(text, 42);
        while (text[size] && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--;
        }
        status = buffer_text_append(out, " =?UTF-8?B?");
        if (!status) {
            status = base64_append(
                out, (struct bytes){(const uint8_t *)text, size}, true);
        }
        text += size;
        if (!status) {
            status = buffer_text_append(out, "?=\r\n");
        }
    }
    return status;
}

static enum sting_status thread_append(struct buffer *out,
                                       const struct message *message,
                                       const char *thread)
{
    if (message->change == MESSAGE_OPENED && !message->is_late) {
        return buffer_printf(out, "Message-ID: <%s@sting.invalid>\r\n", thread);
    }
    return buffer_printf(out,
                         "Message-ID: <%" PRIu32 ".%s@sting.invalid>\r\n"
                         "In-Reply-To: <%s@sting.invalid>\r\n"
                         "References: <%s@sting.invalid>\r\n",
                         message->alert, thread, thread, thread);
}

static enum sting_status head_append(struct buffer *out,
                                     const struct message *message,
                                     const struct mail *mail,
                                     const char *thread)
{
    char title[MESSAGE_TITLE_SIZE];
    enum sting_status status =
        buffer_printf(out, "From: %s\r\nTo: %s\r\n", mail->from, mail->to);
    if (!status) {
        status = date_append(out, message->sent_utc_us);
    }
    if (!status) {
        status = subject_append(out, message_title(message, title));
    }
    if (!status) {
        status = thread_append(out, message, thread);
    }
    return status
               ? status
               : buffer_printf(out,
                               "Auto-Submitted: auto-generated\r\n"
                               "X-Priority: %d\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: multipart/mixed; "
                               "boundary=\"sting-%s\"\r\n\r\n",
                               message_priority(message) == 5 ? 1 : 3, thread);
}

static enum sting_status part_append(struct buffer *out, const char *thread,
                                     const struct mail_part *part)
{
    enum sting_status status =
        buffer_printf(out,
                      "--sting-%s\r\nContent-Type: %s\r\n"
                      "Content-Transfer-Encoding: base64\r\n",
                      thread, part->type);
    if (!status && part->name[0]) {
        status = buffer_printf(
            out, "Content-Disposition: attachment; filename=\"%s\"\r\n",
            part->name);
    }
    if (!status) {
        status = buffer_text_append(out, "\r\n");
    }
    return status ? status : base64_lines(out, part->data);
}

enum sting_status mail_write(const struct message *message,
                             const struct mail *mail, struct buffer *out)
{
    char thread[THREAD_SIZE];
    struct buffer text STING_AUTO(buffer_release) = {0};
    thread_of(mail, message, thread);
    enum sting_status status = message_text(message, &text);
    if (!status) {
        status = head_append(out, message, mail, thread);
    }
    if (!status) {
        const struct mail_part words = {"", "text/plain; charset=utf-8",
                                        buffer_bytes(&text)};
        status = part_append(out, thread, &words);
    }
    for (size_t i = 0; i < mail->parts && !status; i++) {
        status = part_append(out, thread, &mail->part[i]);
    }
    return status ? status : buffer_printf(out, "--sting-%s--\r\n", thread);
}
