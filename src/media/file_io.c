#include "media/file_io.h"

#include <errno.h>
#include <libavutil/mem.h>
#include <unistd.h>

#define BLOCK_BYTES 65536

static int fd_read(void *opaque, uint8_t *to, int size)
{
    const int *fd = opaque;
    ssize_t got = read(*fd, to, (size_t)size);
    return got > 0 ? (int)got : got == 0 ? AVERROR_EOF : AVERROR(errno);
}

static int64_t fd_seek(void *opaque, int64_t offset, int whence)
{
    const int *fd = opaque;
    if (whence == AVSEEK_SIZE) { /* fstat() is more than a jail allows */
        off_t here = lseek(*fd, 0, SEEK_CUR), end = lseek(*fd, 0, SEEK_END);
        lseek(*fd, here, SEEK_SET);
        return here >= 0 && end >= 0 ? end : AVERROR(ESPIPE);
    }
    off_t at = lseek(*fd, offset, whence);
    return at >= 0 ? at : AVERROR(errno);
}

AVIOContext *file_io_new(int *fd)
{
    uint8_t *block = av_malloc(BLOCK_BYTES);
    AVIOContext *context = block ? avio_alloc_context(block, BLOCK_BYTES, 0, fd,
                                                      fd_read, NULL, fd_seek)
                                 : NULL;
    if (!context) {
        av_free(block);
    }
    return context;
}
