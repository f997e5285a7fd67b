/* Files around the payload: what to read first, limits, the verifiers. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exhibit/gathered.h"
#include "exhibit/scripts.h"

const char *const exhibit_limit[] = {
    "A recording shows what stood before one lens. Nothing stops a staged "
    "scene in front of it, nor somebody who owned the machine before it "
    "recorded.",
    "The keys show that nothing was changed after it was sealed. They do not "
    "show who the case key belongs to: compare its fingerprint with what was "
    "written down when the operation began.",
    "Times are those of the recorder's clock. Where nobody outside vouches, "
    "the whole record could have been made later.",
    "What was written after the last outside anchor can be cut off by whoever "
    "holds the machine and its keys.",
    "Segments shown follow each other by number, so that none between them is "
    "left out but those that are told as deleted. What other entries say, and "
    "that there are no more of them, "
    "this exhibit does not show: for that the whole operation is verified.",
    "Old keys may survive on flash memory; who has an epoch's key can sign "
    "for that epoch.",
    "A trace names a copy, not a person; a copy can be imitated by who had "
    "it. A detector's alert is an opinion; look at the pictures.",
    NULL,
};

static enum sting_status limits_put(const struct gathered *g, struct bag *bag,
                                    struct fault *fault)
{
    char is_short[GATHERED_SHORT_SIZE];
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        buffer_text_append(&text, "What this exhibit cannot show\n");
    if (!status && gathered_short(g, is_short)[0]) {
        status = buffer_printf(&text, "\n- %s\n", is_short);
    }
    for (size_t i = 0; !status && i < g->runs; i++) {
        char gone[GATHERED_GONE_SIZE];
        status = buffer_printf(&text, "\n- %s\n",
                               gathered_gone(g, &g->run[i], gone));
    }
    for (size_t i = 0; !status && exhibit_limit[i]; i++) {
        status = buffer_printf(&text, "\n- %s\n", exhibit_limit[i]);
    }
    return status ? status
                  : bag_put(bag, "LIMITS.txt", buffer_bytes(&text), fault);
}

/* How somebody checks a stamp without sting. */
static enum sting_status anchors_told(const struct bag *bag, struct buffer *out)
{
    for (size_t i = 0; i < bag->files; i++) {
        const char *path = bag->file[i].path;
        size_t size = strlen(path);
        if (size < 5 || strcmp(path + size - 4, ".tsr") != 0) {
            continue;
        }
        int stem = (int)(size - 4);
        return buffer_printf(
            out,
            "data/anchors/ is what outsiders gave: who had seen which entries, "
            "by when.\nsting verify judges all of it (--ca, --witness-key). By "
            "hand, with the\nauthority's own certificate, asked of it, as "
            "CA.pem:\n\n"
            "    head -n 3 %.*s.note >/tmp/three\n"
            "    openssl ts -verify -in %.*s.tsr -data /tmp/three -CAfile "
            "CA.pem\n"
            "    grep -sqxF \"$(tail -n 1 /tmp/three)\" "
            "data/ledger/checkpoint.txt "
            "data/ledger/epochs.txt data/ledger/consistency.txt\n\n"
            "The last one says nothing and succeeds when the stamp is of the "
            "entries that are\nproved here, as many as the second of the three "
            "lines says; the films are among\nthem when each `piece` number of "
            "data/exhibit.txt is smaller. Where it fails, that\nstamp is of a "
            "checkpoint that this exhibit does not hold: try another.\n\n",
            stem, path, stem, path);
    }
    return STING_OK;
}

static enum sting_status readme_put(const struct gathered *g, struct bag *bag,
                                    struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_printf(
        &text,
        "Exhibit %s\n\n"
        "Look at   data/REPORT.html in a browser, or data/REPORT.pdf on paper\n"
        "Watch     the films in data/ (*.mp4) in any browser; the player's "
        "time\n"
        "          counts from when the camera began, REPORT has the UTC\n"
        "Read      LIMITS.txt: what this cannot show\n"
        "Check     sh VERIFY.sh        with sha256sum, openssl, xxd, awk\n"
        "          python3 verify.py   with nothing else\n"
        "          sting verify .      with sting\n\n"
        "Each of the three says INTACT, INTACT WITH GAPS, TAMPERED or\n"
        "UNVERIFIABLE, with the rule that failed. The scripts judge the "
        "folder\n"
        "that you are in, or their own when that is no exhibit, and name it.\n"
        "Give each the fingerprint of the case key as you had it from its\n"
        "owner, on paper or by voice:\n"
        "\n    sh VERIFY.sh FINGERPRINT\n\n"
        "Without it, they show only that the exhibit agrees with itself.\n\n"
        "Keep this folder as it is: every file has its SHA-256 in\n"
        "manifest-sha256.txt or tagmanifest-sha256.txt, and signature.txt\n"
        "signs the latter. `sha256sum tagmanifest-sha256.txt` gives the "
        "number\n"
        "that stands for the whole; the operation's ledger has it too.\n\n"
        "data/*.mp4            the recording, bit for bit\n"
        "data/CUSTODY.csv      who opened or took out what\n"
        "data/exhibit.txt      which piece of which film is which entry\n"
        "data/ledger/          entries shown, and proof of their place among\n"
        "                      %" PRIu64 " entries of which the rest stays "
        "unknown\n\n",
        g->order->mark, gathered_final(g)->lines);
    if (!status) {
        status = anchors_told(bag, &text);
    }
    if (!status) {
        status = buffer_text_append(
            &text,
            "The form of each file: docs/formats/exhibit.md of sting.\n");
    }
    return status ? status
                  : bag_put(bag, "README.txt", buffer_bytes(&text), fault);
}

/* The one file that may differ when an exhibit is made again. */
static enum sting_status info_put(const struct gathered *g, struct bag *bag,
                                  struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_printf(
        &text,
        "External-Identifier: %s\nInternal-Sender-Identifier: %s\n"
        "Bag-Software-Agent: sting " STING_VERSION
        "\nBagging-Date: %s\nPayload-Oxum: ",
        g->order->mark, g->origin, g->order->date);
    if (!status) {
        status = bag_oxum(bag, &text);
    }
    if (!status) {
        status = buffer_text_append(&text, "\n");
    }
    return status ? status
                  : bag_put(bag, "bag-info.txt", buffer_bytes(&text), fault);
}

enum sting_status tags_put(const struct gathered *g, struct bag *bag,
                           struct fault *fault)
{
    enum sting_status status = readme_put(g, bag, fault);
    if (!status) {
        status = limits_put(g, bag, fault);
    }
    if (!status) {
        status = bag_put(bag, "VERIFY.sh", exhibit_verify_sh(), fault);
    }
    if (!status) {
        status = bag_put(bag, "verify.py", exhibit_verify_py(), fault);
    }
    return status ? status : info_put(g, bag, fault);
}
