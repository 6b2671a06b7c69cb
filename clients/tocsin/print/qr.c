#include "tocsin/print/qr.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "say/say.h"

enum { QUIET_MODULES = 4 };

static bool is_dark(const QRcode *code, int row, int column)
{
    bool is_inside = row >= 0 && column >= 0 && row < code->width && column < code->width;
    return is_inside && (code->data[row * code->width + column] & 1U) != 0;
}

/* Two rows of modules in a row of characters; on a terminal black on white by number, as themes
 * redefine names. */
static void print_rows(const QRcode *code, int row)
{
    static const char *const half[] = {" ", "\u2584", "\u2580", "\u2588"};
    bool is_terminal = isatty(STDOUT_FILENO);
    fputs(is_terminal ? "\033[38;5;16;48;5;231m" : "", stdout);
    for (int column = -QUIET_MODULES; column < code->width + QUIET_MODULES; column++) {
        fputs(half[is_dark(code, row, column) * 2 + is_dark(code, row + 1, column)], stdout);
    }
    puts(is_terminal ? "\033[0m" : "");
}

int qr_print(const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (code == NULL) {
        return say_no("too much for one QR code: --out FILE writes it as text");
    }
    int side = code->width + 2 * QUIET_MODULES, rows = (side + 1) / 2;
    struct winsize window;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 &&
        (window.ws_col < side || window.ws_row < rows)) {
        QRcode_free(code);
        return say_no(
            "its QR code has %d columns and %d rows, and this terminal %d and %d: make it "
            "larger, or its letters smaller; --out FILE writes it as text",
            side, rows, window.ws_col, window.ws_row);
    }
    for (int row = -QUIET_MODULES; row < code->width + QUIET_MODULES; row += 2) {
        print_rows(code, row);
    }
    QRcode_free(code);
    return EXIT_DONE;
}
