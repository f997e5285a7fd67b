/* Mail by SMTP, never in clear: STARTTLS is needed where TLS is not first. */
#include <stdlib.h>
#include <string.h>

#include "alert/net_state.h"

#define MOST_RECIPIENTS 16
#define ADDRESS_SIZE 320

/* libcurl asks for more of the message. */
static size_t body_give(char *data, size_t size, size_t count, void *context)
{
    struct post *post = context;
    size_t left = post->body.size - post->sent;
    size_t give = size * count < left ? size * count : left;
    if (give > 0) {
        memcpy(data, post->body.data + post->sent, give);
    }
    post->sent += give;
    return give;
}

/* "a@x, b@y" as a list; false when one is too long or there are too many. */
static bool recipients_add(struct post *post, const char *to)
{
    int count = 0;
    while (*to) {
        char one[ADDRESS_SIZE];
        to += strspn(to, " ,");
        size_t length = strcspn(to, " ,");
        if (length == 0) {
            break;
        }
        if (length >= sizeof one || count++ == MOST_RECIPIENTS) {
            return false;
        }
        memcpy(one, to, length);
        one[length] = '\0';
        to += length;
        struct curl_slist *grown = curl_slist_append(post->header, one);
        if (!grown) {
            return false;
        }
        post->header = grown;
    }
    return count > 0;
}

static bool mail_prepare(struct post *post, const char *user,
                         const char *password, const char *from)
{
    CURL *handle = post->handle;
    bool is_set = !curl_easy_setopt(handle, CURLOPT_USE_SSL, CURLUSESSL_ALL) &&
                  !curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from) &&
                  !curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, post->header) &&
                  !curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L) &&
                  !curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                                    (curl_off_t)post->body.size) &&
                  !curl_easy_setopt(handle, CURLOPT_READFUNCTION, body_give) &&
                  !curl_easy_setopt(handle, CURLOPT_READDATA, post);
    if (is_set && user[0]) {
        is_set = !curl_easy_setopt(handle, CURLOPT_USERNAME, user) &&
                 !curl_easy_setopt(handle, CURLOPT_PASSWORD, password);
    }
    return is_set;
}

bool net_mail_start(struct net *net, const struct wire_head *head,
                    struct bytes payload)
{
    enum { ADDRESS, USER, PASSWORD, AUTHORITIES, FROM, TO, TEXTS };
    const char *text[TEXTS] = {NULL};
    struct post *post STING_AUTO(post_free) = calloc(1, sizeof *post);
    for (int i = 0; i < TEXTS && (i == 0 || text[i - 1]); i++) {
        text[i] = net_text_take(&payload);
    }
    if (!post || !text[TO] || buffer_append(&post->body, payload)) {
        return net_result(net, head->number[0], 0, 0, "malformed request");
    }
    post->id = head->number[0];
    post->handle = curl_easy_init();
    bool is_prepared =
        recipients_add(post, text[TO]) &&
        post_limit(post, text[ADDRESS], "smtp,smtps", (long)head->number[1]) &&
        post_trust(post, text[AUTHORITIES]) &&
        mail_prepare(post, text[USER], text[PASSWORD], text[FROM]);
    return post_begin(net, &post, is_prepared);
}
