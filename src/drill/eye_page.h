/* eye_page: what surrounds the pairs of a session of eye.h. */
#ifndef STING_DRILL_EYE_PAGE_H
#define STING_DRILL_EYE_PAGE_H

extern const char eye_page_head[]; /* up to the first pair */
extern const char eye_page_tail[]; /* behind the session's number */

#endif
