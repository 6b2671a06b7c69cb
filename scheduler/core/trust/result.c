#include "trust/trust.h"

const char *trust_result_text(enum trust_result result)
{
    static const char *const texts[] = {
        [TRUST_OK] = "all is well",
        [TRUST_MALFORMED] = "this is not in minisign's form: was the file cut or edited?",
        [TRUST_LEGACY] =
            "this is an old signature without prehash: sign again with minisign 0.10 or "
            "newer",
        [TRUST_WRONG_KEY] = "the signature was made by another key",
        [TRUST_BAD_SIGNATURE] =
            "the signature does not fit: the file was changed, or another key signed it",
        [TRUST_BAD_COMMENT] = "the signature's trusted comment was changed",
        [TRUST_WRONG_PASSPHRASE] = "wrong passphrase for this key",
        [TRUST_SEALED] = "this key is sealed: give its passphrase",
        [TRUST_NO_MEMORY] = "not enough memory: a sealed key needs 1 GiB free, any key a little "
                            "locked memory (ulimit -l)",
    };
    return texts[result];
}
