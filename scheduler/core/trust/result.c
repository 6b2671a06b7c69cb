#include "trust/trust.h"

const char *trust_result_text(enum trust_result result)
{
    switch (result) {
    case TRUST_OK:
        return "all is well";
    case TRUST_MALFORMED:
        return "this is not in minisign's form: was the file cut or edited?";
    case TRUST_LEGACY:
        return "this is an old signature without prehash: sign again with minisign 0.10 or newer";
    case TRUST_WRONG_KEY:
        return "the signature was made by another key";
    case TRUST_BAD_SIGNATURE:
        return "the signature does not fit: the file was changed, or another key signed it";
    case TRUST_BAD_COMMENT:
        return "the signature's trusted comment was changed";
    case TRUST_WRONG_PASSPHRASE:
        return "wrong passphrase for this key";
    case TRUST_SEALED:
        return "this key is sealed: give its passphrase";
    case TRUST_NO_MEMORY:
        break;
    }
    return "not enough memory: a sealed key needs 1 GiB free, any key a little locked memory "
           "(ulimit -l)";
}
