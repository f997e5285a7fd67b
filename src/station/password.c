#include "station/password.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypt/kdf.h"
#include "crypt/secret.h"

#define MOST_BYTES 257

struct job {
    uint64_t number;
    char password[MOST_BYTES];
    struct user_password with; /* in: salt and rounds; out: hash */
    bool ok;
};

struct passwords {
    struct job waiting[PASSWORDS_MOST]; /* the first is at work */
    size_t count;
    struct job at_work; /* the thread's until it has said so */
    bool is_at_work;
    pthread_t thread;
    int done[2]; /* a byte when the thread has ended */
};

void passwords_free(struct passwords **passwords)
{
    if (*passwords) {
        if ((*passwords)->is_at_work) {
            pthread_join((*passwords)->thread, NULL);
        }
        fd_close(&(*passwords)->done[0]);
        fd_close(&(*passwords)->done[1]);
        secret_wipe_bytes(*passwords, sizeof **passwords);
    }
    free(*passwords);
    *passwords = NULL;
}

enum sting_status passwords_new(struct passwords **out)
{
    struct passwords *made = calloc(1, sizeof *made);
    if (!made) {
        return STING_E_NOMEM;
    }
    if (pipe2(made->done, O_CLOEXEC | O_NONBLOCK) != 0) {
        free(made);
        return STING_E_IO;
    }
    *out = made;
    return STING_OK;
}

static void *work(void *argument)
{
    struct passwords *passwords = argument;
    struct job *job = &passwords->at_work;
    job->ok =
        scrypt(bytes_of_text(job->password),
               (struct bytes){job->with.salt, USERS_SALT_SIZE},
               job->with.log2_n, job->with.hash, USERS_HASH_SIZE) == STING_OK;
    (void)!write(passwords->done[1], "", 1);
    return NULL;
}

/* Begin with the first that waits. */
static void begin(struct passwords *passwords)
{
    if (passwords->is_at_work || passwords->count == 0) {
        return;
    }
    passwords->at_work = passwords->waiting[0];
    passwords->count--;
    memmove(passwords->waiting, passwords->waiting + 1,
            passwords->count * sizeof *passwords->waiting);
    secret_wipe_bytes(&passwords->waiting[passwords->count],
                      sizeof *passwords->waiting);
    passwords->is_at_work = true;
    if (pthread_create(&passwords->thread, NULL, work, passwords) != 0) {
        /* Without a thread it is done here, late but right. */
        work(passwords);
        passwords->thread = pthread_self();
    }
}

enum sting_status passwords_ask(struct passwords *passwords, uint64_t number,
                                const char *password,
                                const struct user_password *with)
{
    if (passwords->count == PASSWORDS_MOST) {
        return STING_E_BUSY;
    }
    struct job *job = &passwords->waiting[passwords->count++];
    *job = (struct job){.number = number, .with = *with};
    snprintf(job->password, sizeof job->password, "%s", password);
    begin(passwords);
    return STING_OK;
}

int passwords_fd(const struct passwords *passwords)
{
    return passwords->done[0];
}

bool passwords_take(struct passwords *passwords, uint64_t *number, bool *ok,
                    uint8_t out[USERS_HASH_SIZE])
{
    char byte;
    if (!passwords->is_at_work || read(passwords->done[0], &byte, 1) != 1) {
        return false;
    }
    if (!pthread_equal(passwords->thread, pthread_self())) {
        pthread_join(passwords->thread, NULL);
    }
    *number = passwords->at_work.number;
    *ok = passwords->at_work.ok;
    memcpy(out, passwords->at_work.with.hash, USERS_HASH_SIZE);
    secret_wipe_bytes(&passwords->at_work, sizeof passwords->at_work);
    passwords->is_at_work = false;
    begin(passwords);
    return true;
}
