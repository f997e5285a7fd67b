"""PDF files that stories write by hand, object by object."""


def stream(keys, data):
    """The body of a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (keys, len(data), data)


def write_pdf(path, objects):
    """Object 1 is the catalog; each has the number of its place."""
    out, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table)
    with open(path, "wb") as file:
        file.write(out)
