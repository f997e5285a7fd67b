#include "cli/trace_names.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "trace/pack.h"

#define MOST_NAME_BYTES ((size_t)160) /* a file system takes 255 */

/* Its end, which is the file's own name, cut between characters. */
static const char *shortened(const char *name)
{
    size_t size = strlen(name);
    const char *end =
        size > MOST_NAME_BYTES ? name + size - MOST_NAME_BYTES : name;
    while (((unsigned char)*end & 0xC0) == 0x80) {
        end++;
    }
    return end;
}

enum sting_status trace_names_picture(const struct trace_run *run,
                                      const struct trace_files *files,
                                      size_t number, struct buffer *out)
{
    const struct trace_picture *picture = run->picture[number];
    bool whole = trace_files_found(files, number);
    char digest[DIGEST_TEXT_SIZE];
    enum sting_status status = buffer_text_append(
        out, shortened(whole ? picture->name : file_base(picture->name)));
    for (size_t i = 0; !status && i < out->size; i++) {
        out->data[i] = out->data[i] == '/' ? '_' : out->data[i];
    }
    if (!status) {
        status =
            buffer_printf(out, "-%.8s", digest_text(picture->digest, digest));
    }
    if (!status && picture->file.sheets > 1) {
        status = buffer_printf(out, "-%d", picture->sheet + 1);
    }
    return status;
}

enum sting_status trace_names_run(uint32_t run, struct buffer *out)
{
    return run > 1 ? buffer_printf(out, "-run%u", run) : STING_OK;
}

enum sting_status trace_names_page(const struct trace_finding *finding,
                                   struct buffer *out)
{
    enum sting_status status = buffer_printf(out, "-page%d", finding->page + 1);
    return status ? status : trace_names_run(finding->run, out);
}

enum sting_status trace_names_joint(const struct trace_run *run, size_t joint,
                                    struct buffer *out)
{
    const struct trace_finding *finding = &run->joint[joint].finding;
    char digest[DIGEST_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out, "together%zu-%.8s", joint + 1,
        digest_text(trace_pack_files(run, &run->joint[joint]), digest));
    return status ? status : trace_names_run(finding->run, out);
}

static bool is_same(int dir, const char *name, struct bytes bytes)
{
    struct buffer there STING_AUTO(buffer_wipe) = {0};
    struct fault unlike;
    return !file_read(dir, name, bytes.size, &there, &unlike) &&
           bytes_equal(buffer_bytes(&there), bytes);
}

enum sting_status trace_names_write(int dir, const char *name,
                                    struct bytes bytes, struct fault *fault)
{
    if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return file_write(dir, name, bytes, 0600, fault);
    }
    return is_same(dir, name, bytes)
               ? STING_OK
               : fault_set(fault, STING_E_BUSY, "name another folder",
                           "another %.200s is there already", name);
}
