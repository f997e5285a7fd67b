/*
 * exhibit_resume: an exhibit that the ledger tells of and that has not got its
 * name: the disk failed, or the power went, between the two.
 */
#ifndef STING_CLI_EXHIBIT_RESUME_H
#define STING_CLI_EXHIBIT_RESUME_H

#include "base/buffer.h"
#include "crypt/digest.h"
#include "exhibit/exhibit.h"

/* Where the exhibit that becomes `out` is made. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_draft_path(const char *out,
                                                    struct buffer *path);

/* Does the ledger of `signer` tell that this one was made? */
bool exhibit_is_told(const struct operation *signer, const char *mark,
                     struct digest sha256);

/* Have what the ledger tells of `mark` signed and give the draft beside `out`
 * its name; *sha256 is that of its tag manifest. Fails: E_ABSENT where there
 * is none such, E_BUSY where `out` is there, E_IO. */
STING_MUST_USE enum sting_status exhibit_resume(const struct operation *signer,
                                                const char *mark,
                                                const char *out,
                                                struct digest *sha256,
                                                struct fault *fault);

#endif
