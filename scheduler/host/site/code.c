#include "site/code.h"

#include <qrencode.h>

enum { QUIET_MODULES = 4 };

bool code_add_svg(struct draft *draft, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return false;
    }
    int side = code->width + 2 * QUIET_MODULES;
    draft_print(draft,
                "<svg class=\"qr\" aria-hidden=\"true\" viewBox=\"0 0 %d %d\" "
                "xmlns=\"http://www.w3.org/2000/svg\" shape-rendering=\"crispEdges\">"
                "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                side, side, side, side);
    for (int row = 0; row < code->width; row++) {
        const unsigned char *module = code->data + row * code->width;
        for (int from = 0; from < code->width;) {
            int to = from;
            while (to < code->width && (module[to] & 1U) != 0) {
                to++;
            }
            if (to > from) {
                draft_print(draft, "M%d %dh%dv1h-%dz", from + QUIET_MODULES, row + QUIET_MODULES,
                            to - from, to - from);
            }
            from = to + 1;
        }
    }
    draft_add(draft, "\"/></svg>");
    QRcode_free(code);
    return !draft->is_short_of_memory;
}
