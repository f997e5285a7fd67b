"""Pages of marked copies made a second, beside `mutool clean -s -z`, which
does less: it reads each document, rewrites its content and compresses it.
CPU seconds of one core; a document is read and planned once."""
import gzip
import os
import resource
import subprocess
import tempfile

COPY = os.path.join(os.path.dirname(os.environ["STING"]), "tests", "tools",
                    "pdf_copy")
COPIES = 40  # after the first
DOCUMENTS = [
    "asymptote/CAD.pdf", "bzip2/manual.pdf.gz", "debian/FAQ/debian-faq.pdf.gz",
    "debian-refcard/refcard-en-a4.pdf.gz", "debian-refcard/refcard-ja-a4.pdf.gz",
    "dblatex/release-notes.pdf.gz", "fontconfig/fontconfig-user.pdf.gz",
    "graphviz/pdf/cgraph.3.pdf.gz", "graphviz/pdf/dotguide.pdf.gz",
    "groff-base/pdf/pdfmark.pdf.gz", "libtasn1-doc/libtasn1.pdf",
    "nettle-dev/nettle.pdf.gz", "xfig/xfig-howto.pdf",
]


def cpu_s(*args):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(args, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime
            - before.ru_stime), done.stdout


def measure(path, folder):
    plain = os.path.join(folder, "in.pdf")
    out = os.path.join(folder, "out.pdf")
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file, open(plain, "wb") as copy:
        copy.write(file.read())
    _, told = cpu_s(COPY, plain, out, "1", str(1 + COPIES))
    out_of = out + ".copy"
    os.rename(out, out_of)
    peer = min(cpu_s("mutool", "clean", "-s", "-z", plain, out)[0]
               for _ in range(3))
    words = told.split()
    grown = os.path.getsize(out_of) / os.path.getsize(plain) - 1
    return int(words[0]), int(words[2]), grown, float(words[4]), peer


def main():
    pages = ours = theirs = met = known = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in DOCUMENTS:
            path = os.path.join("/usr/share/doc", name)
            if not os.path.exists(path):
                print("not installed: " + name)
                continue
            row = measure(path, folder)
            count, units, grown, one, peer = row
            print("%s: %d pages, %d units, %+.1f %%, a copy %.2f ms, mutool "
                  "%.1f ms, %.1f x" % (name, count, units, 100 * grown,
                                       one * 1e3, peer * 1e3, peer / one),
                  flush=True)
            met += peer >= 5 * one
            known += 1
            pages += count
            ours += one
            theirs += peer
    print("\t".join(("documents of which copies are 5 x as fast",
                     "%d of %d" % (met, known), "goal", "all",
                     "met" if met == known else "MISSED")))
    print("\t".join(("pages a CPU second, marked copies",
                     "%.0f pages/s" % (pages / ours),
                     "5 x mutool clean -s -z",
                     "%.0f pages/s" % (5 * pages / theirs),
                     "met" if theirs >= 5 * ours else "MISSED")))


if __name__ == "__main__":
    main()
