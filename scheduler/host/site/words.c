#include "site/words.h"

#include <stddef.h>
#include <string.h>

static const struct site_words words[] = {
    {"en",
     "English",
     "Next",
     "Nothing is declared for the time ahead.",
     "Subscribe",
     "Open in your calendar",
     "Calendar file",
     "All languages side by side",
     "Rest afterwards",
     "At your own clock: choose your time zone",
     "Place by place",
     "Further files",
     "Check by hand",
     "Compare this with the identifier that you were given in person:",
     "Signatures of the feeds, with stock minisign:",
     "Bundle for listeners",
     "A calendar service on the web fetches this for you and so learns that you subscribe; a "
     "program on your own computer shows its address to this server. The file can also be passed "
     "on by hand.",
     "Languages",
     "Original",
     "cancelled",
     "not yet confirmed",
     "at your own clock"},
    {"de",
     "Deutsch",
     "Als Nächstes",
     "Für die kommende Zeit ist nichts angekündigt.",
     "Abonnieren",
     "Im Kalender öffnen",
     "Kalenderdatei",
     "Alle Sprachen nebeneinander",
     "Ruhe danach",
     "Nach der eigenen Uhr: Zeitzone wählen",
     "Ort für Ort",
     "Weitere Dateien",
     "Von Hand prüfen",
     "Vergleiche dies mit der Kennung, die du persönlich erhalten hast:",
     "Signaturen der Kalender, mit gewöhnlichem minisign:",
     "Bündel für Lauscher",
     "Ein Kalenderdienst im Netz ruft dies für dich ab und erfährt so von deinem Abonnement; ein "
     "Programm auf dem eigenen Rechner zeigt diesem Server seine Adresse. Die Datei lässt sich "
     "auch von Hand weitergeben.",
     "Sprachen",
     "Original",
     "abgesagt",
     "noch nicht bestätigt",
     "nach der eigenen Uhr"},
    {"es",
     "Español",
     "Próximamente",
     "No hay nada anunciado por ahora.",
     "Suscribirse",
     "Abrir en el calendario",
     "Archivo de calendario",
     "Todas las lenguas juntas",
     "Descanso posterior",
     "A la hora de tu reloj: elige tu huso horario",
     "Lugar por lugar",
     "Más archivos",
     "Comprobar a mano",
     "Compara esto con el identificador que te dieron en persona:",
     "Firmas de los calendarios, con minisign:",
     "Paquete para oyentes",
     "Un servicio de calendario en la red lo descarga por ti y así sabe que estás suscrito; un "
     "programa en tu propio ordenador muestra su dirección a este servidor. El archivo también "
     "puede pasarse de mano en mano.",
     "Lenguas",
     "Original",
     "cancelado",
     "aún sin confirmar",
     "a la hora de tu reloj"},
    {"fr",
     "Français",
     "Prochainement",
     "Rien n’est annoncé pour la suite.",
     "S’abonner",
     "Ouvrir dans le calendrier",
     "Fichier de calendrier",
     "Toutes les langues côte à côte",
     "Le repos qui suit",
     "À l’heure de votre horloge : choisissez votre fuseau",
     "Lieu par lieu",
     "Autres fichiers",
     "Vérifier à la main",
     "Comparez ceci avec l’identifiant qu’on vous a donné en personne :",
     "Signatures des calendriers, avec minisign :",
     "Paquet pour les écoutants",
     "Un service de calendrier en ligne télécharge ceci pour vous et apprend ainsi que vous êtes "
     "abonné ; un programme sur votre ordinateur montre son adresse à ce serveur. Le fichier peut "
     "aussi passer de main en main.",
     "Langues",
     "Original",
     "annulé",
     "pas encore confirmé",
     "à l’heure de votre horloge"},
    {"it",
     "Italiano",
     "Prossimamente",
     "Per ora non è annunciato nulla.",
     "Iscriviti",
     "Apri nel calendario",
     "File del calendario",
     "Tutte le lingue insieme",
     "Il riposo che segue",
     "All’ora del tuo orologio: scegli il fuso orario",
     "Luogo per luogo",
     "Altri file",
     "Controlla a mano",
     "Confronta questo con l’identificativo che ti è stato dato di persona:",
     "Firme dei calendari, con minisign:",
     "Pacchetto per gli ascoltatori",
     "Un servizio di calendario in rete lo scarica per te e così viene a sapere che sei iscritto; "
     "un programma sul tuo computer mostra il suo indirizzo a questo server. Il file può anche "
     "passare di mano in mano.",
     "Lingue",
     "Originale",
     "annullato",
     "non ancora confermato",
     "all’ora del tuo orologio"},
    {"pt",
     "Português",
     "A seguir",
     "Nada está anunciado por agora.",
     "Subscrever",
     "Abrir no calendário",
     "Ficheiro de calendário",
     "Todas as línguas lado a lado",
     "O descanso que se segue",
     "À hora do seu relógio: escolha o fuso horário",
     "Lugar a lugar",
     "Mais ficheiros",
     "Verificar à mão",
     "Compare isto com o identificador que lhe foi dado em pessoa:",
     "Assinaturas dos calendários, com minisign:",
     "Pacote para ouvintes",
     "Um serviço de calendário na rede vai buscá-lo por si e fica a saber que o subscreve; um "
     "programa no seu computador mostra o seu endereço a este servidor. O ficheiro também pode "
     "passar de mão em mão.",
     "Línguas",
     "Original",
     "cancelado",
     "ainda não confirmado",
     "à hora do seu relógio"},
    {"ar",
     "العربية",
     "القادم",
     "لم يُعلَن عن شيء للفترة القادمة.",
     "اشترك",
     "افتح في تقويمك",
     "ملف التقويم",
     "كل اللغات جنبًا إلى جنب",
     "الراحة بعد ذلك",
     "حسب ساعتك: اختر منطقتك الزمنية",
     "مكانًا بمكان",
     "ملفات أخرى",
     "تحقّق بنفسك",
     "قارن هذا بالمعرّف الذي سُلِّم إليك شخصيًا:",
     "تواقيع التقاويم، باستخدام minisign المعتاد:",
     "حزمة للمستمعين",
     "خدمة التقويم على الشبكة تجلب هذا نيابةً عنك فتعلم أنك مشترك؛ والبرنامج على حاسوبك يُظهر "
     "عنوانه لهذا الخادم. ويمكن أيضًا تمرير الملف من يد إلى يد.",
     "اللغات",
     "الأصل",
     "أُلغي",
     "لم يُؤكَّد بعد",
     "حسب ساعتك"},
};

static const struct {
    const char *language, *own_name;
} names[] = {
    {"bg", "Български"},
    {"bn", "বাংলা"},
    {"ca", "Català"},
    {"cs", "Čeština"},
    {"cy", "Cymraeg"},
    {"da", "Dansk"},
    {"el", "Ελληνικά"},
    {"eo", "Esperanto"},
    {"eu", "Euskara"},
    {"fa", "فارسی"},
    {"fi", "Suomi"},
    {"ga", "Gaeilge"},
    {"gl", "Galego"},
    {"he", "עברית"},
    {"hi", "हिन्दी"},
    {"hr", "Hrvatski"},
    {"hu", "Magyar"},
    {"hy", "Հայերեն"},
    {"id", "Bahasa Indonesia"},
    {"ja", "日本語"},
    {"ka", "ქართული"},
    {"ko", "한국어"},
    {"ku", "Kurdî"},
    {"lt", "Lietuvių"},
    {"lv", "Latviešu"},
    {"nl", "Nederlands"},
    {"no", "Norsk"},
    {"pl", "Polski"},
    {"ro", "Română"},
    {"ru", "Русский"},
    {"sk", "Slovenčina"},
    {"sl", "Slovenščina"},
    {"sq", "Shqip"},
    {"sr", "Српски"},
    {"sv", "Svenska"},
    {"sw", "Kiswahili"},
    {"tr", "Türkçe"},
    {"uk", "Українська"},
    {"ur", "اردو"},
    {"vi", "Tiếng Việt"},
    {"zh", "中文"},
};

static bool is_primary(const char *language, const char *wanted)
{
    size_t len = strcspn(language, "-");
    return strlen(wanted) == len && memcmp(wanted, language, len) == 0;
}

const struct site_words *site_words_for(const char *language)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_primary(language, words[i].language)) {
            return &words[i];
        }
    }
    return &words[0];
}

const char *site_language_name(const char *language)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_primary(language, words[i].language)) {
            return words[i].own_name;
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_primary(language, names[i].language)) {
            return names[i].own_name;
        }
    }
    return NULL;
}

bool site_is_right_to_left(const char *language)
{
    static const char *const from_the_right[] = {"ar", "fa", "he", "ur", "ps", "yi"};
    for (size_t i = 0; i < sizeof from_the_right / sizeof *from_the_right; i++) {
        if (is_primary(language, from_the_right[i])) {
            return true;
        }
    }
    return false;
}
