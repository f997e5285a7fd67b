/*
 * xml: the small part of XML that devices speak, read piece by piece.
 *
 * Names lose their prefix. No DTD, no entities but the five and characters by
 * number; nothing is allocated, nothing is opened. Everything is hostile.
 * Source: XML 1.0, 2.3 to 3.1. Limits: XML_MOST_DEPTH deep; names of more than
 * XML_MOST_NAME - 1 bytes are cut.
 */
#ifndef STING_WATCH_XML_H
#define STING_WATCH_XML_H

#include "base/base.h"

#define XML_MOST_DEPTH 32
#define XML_MOST_NAME 64

enum xml_kind {
    XML_OPEN,  /* an element begins: xml_name(x, 0), its attributes in text */
    XML_TEXT,  /* text as it stands, see xml_text() */
    XML_CLOSE, /* the element xml_name(x, 0) ends */
    XML_END,   /* all were closed */
    XML_BAD
};

/* Zero but for `rest` at the start. */
struct xml {
    struct bytes rest; /* borrowed */
    int depth;
    bool closes; /* an empty element's end comes next, or a close's pop */
    bool pops;
    char name[XML_MOST_DEPTH][XML_MOST_NAME];
};

/* The next piece; after XML_END and XML_BAD always the same. */
enum xml_kind xml_next(struct xml *x, struct bytes *text);

/* The open element `above` levels up, "" where there is none. */
const char *xml_name(const struct xml *x, int above);

/* Write text with its entities resolved, without blanks at both ends, cut to
 * fit; control characters become '?'. */
void xml_text(struct bytes text, char *out, size_t room);

/* The value of an attribute, as xml_text(); false when there is none. */
bool xml_attribute(struct bytes attributes, const char *name, char *out,
                   size_t room);

#endif
