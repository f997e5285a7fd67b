/* Files are hashed through a map, and what a map cannot give is left to who
 * reads them plainly. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "ledger/verify_map.h"
#include "tests/check.h"

#define MB ((size_t)1024 * 1024)

/* Linked with --wrap: the file is cut as soon as it is mapped. */
static bool cuts;
void *__real_mmap64(void *at, size_t size, int protect, int flags, int file,
                    off_t from);
void *__wrap_mmap64(void *at, size_t size, int protect, int flags, int file,
                    off_t from);

void *__wrap_mmap64(void *at, size_t size, int protect, int flags, int file,
                    off_t from)
{
    void *mapped = __real_mmap64(at, size, protect, flags, file, from);
    if (cuts && file >= 0) {
        assert_true(ftruncate(file, 70000) == 0);
    }
    return mapped;
}

static int make_file(size_t size, struct buffer *content)
{
    char name[] = "/tmp/sting-map-XXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0 && unlink(name) == 0);
    content->size = 0;
    assert_int_equal(buffer_reserve(content, size), STING_OK);
    for (; content->size < size; content->size++) {
        content->data[content->size] = (uint8_t)(content->size * 31 >> 7);
    }
    assert_int_equal(file_write_fd(file, buffer_bytes(content)), STING_OK);
    return file;
}

static void a_mapped_file_has_the_hash_of_its_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {VERIFY_MAP_LEAST_BYTES, 4 * MB, 4 * MB + 1,
                                   9 * MB - 1};
    struct buffer content STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct digest got;
        uint64_t bytes = 0;
        int file STING_AUTO(fd_close) = make_file(sizes[i], &content);
        assert_int_equal(verify_map_hash(file, &got, &bytes), STING_OK);
        assert_int_equal(bytes, sizes[i]);
        assert_true(digest_equal(got, digest_of(buffer_bytes(&content))));
    }
}

static void a_small_file_is_left_to_be_read(void **state)
{
    (void)state;
    struct buffer content STING_AUTO(buffer_release) = {0};
    struct digest got;
    uint64_t bytes = 0;
    int file STING_AUTO(fd_close) =
        make_file(VERIFY_MAP_LEAST_BYTES - 1, &content);
    assert_int_equal(verify_map_hash(file, &got, &bytes), STING_E_UNSUPPORTED);
}

static void a_file_that_is_cut_under_the_map_kills_nobody(void **state)
{
    (void)state;
    struct buffer content STING_AUTO(buffer_release) = {0};
    struct digest got;
    struct sigaction before;
    struct sigaction after;
    uint64_t bytes = 0;
    assert_true(sigaction(SIGBUS, NULL, &before) == 0);
    for (int i = 0; i < 2; i++) { /* the second time as the first */
        int file STING_AUTO(fd_close) = make_file(2 * MB, &content);
        cuts = true;
        enum sting_status status = verify_map_hash(file, &got, &bytes);
        cuts = false;
        assert_int_equal(status, STING_E_UNSUPPORTED);
    }
    assert_true(sigaction(SIGBUS, NULL, &after) == 0);
    assert_true(after.sa_handler == before.sa_handler);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_mapped_file_has_the_hash_of_its_bytes),
        cmocka_unit_test(a_small_file_is_left_to_be_read),
        cmocka_unit_test(a_file_that_is_cut_under_the_map_kills_nobody),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
