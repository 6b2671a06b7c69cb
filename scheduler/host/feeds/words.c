#include "feeds/words.h"

#include <stddef.h>
#include <string.h>

static const struct feed_words words[] = {
    {"en", "Cancelled", "not yet confirmed", "Rest"},
    {"ar", "أُلغي", "غير مؤكد بعد", "راحة"},
    {"ca", "Cancel·lat", "encara sense confirmar", "Descans"},
    {"cs", "Zrušeno", "dosud nepotvrzeno", "Odpočinek"},
    {"de", "Abgesagt", "noch nicht bestätigt", "Ruhe"},
    {"el", "Ακυρώθηκε", "δεν έχει επιβεβαιωθεί ακόμη", "Ανάπαυση"},
    {"es", "Cancelado", "aún sin confirmar", "Descanso"},
    {"fa", "لغو شد", "هنوز تأیید نشده", "استراحت"},
    {"fr", "Annulé", "pas encore confirmé", "Repos"},
    {"he", "בוטל", "טרם אושר", "מנוחה"},
    {"it", "Annullato", "non ancora confermato", "Riposo"},
    {"ja", "中止", "未確定", "休息"},
    {"ko", "취소됨", "아직 확정되지 않음", "휴식"},
    {"nl", "Geannuleerd", "nog niet bevestigd", "Rust"},
    {"pl", "Odwołane", "jeszcze niepotwierdzone", "Odpoczynek"},
    {"pt", "Cancelado", "ainda não confirmado", "Descanso"},
    {"ru", "Отменено", "ещё не подтверждено", "Отдых"},
    {"sv", "Inställt", "ännu inte bekräftat", "Vila"},
    {"tr", "İptal edildi", "henüz onaylanmadı", "Dinlenme"},
    {"uk", "Скасовано", "ще не підтверджено", "Відпочинок"},
    {"zh", "已取消", "尚未确认", "休息"},
};

const struct feed_words *feed_words_for(const char *language)
{
    size_t len = strcspn(language, "-");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].language) == len && memcmp(words[i].language, language, len) == 0) {
            return &words[i];
        }
    }
    return &words[0];
}
