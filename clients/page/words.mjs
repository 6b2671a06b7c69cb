// words.mjs -- what the page says, in the twelve languages of the site: a row a phrase, a column a language. Dates,
// numbers and lengths of time are the browser's own (Intl). In a phrase {…} stands for what is put in.

export const LANGUAGES = ['en', 'it', 'es', 'fr', 'de', 'pt', 'pl', 'uk', 'ar', 'el', 'he', 'ja']

/** @type {Record<string, string[]>} */
export const PHRASES = {
  join: ['Join: ring here', 'Partecipa: suona qui', 'Únete: que suene aquí', 'Participer : sonner ici', 'Mitmachen: hier läuten', 'Participar: tocar aqui', 'Dołącz: niech dzwoni tu', 'Приєднатися: хай дзвонить тут', 'انضم: ليقرع هنا', 'Συμμετοχή: να χτυπήσει εδώ', 'להצטרף: שיצלצל כאן', '参加する：ここで鳴らす'],
  joined: ['You have joined: it rings here', 'Partecipi: suonerà qui', 'Participas: sonará aquí', 'Vous participez : ça sonnera ici', 'Du machst mit: hier läutet es', 'Participa: tocará aqui', 'Dołączono: zadzwoni tutaj', 'Ви долучилися: дзвонитиме тут', 'انضممت: سيقرع هنا', 'Συμμετέχετε: θα χτυπήσει εδώ', 'הצטרפתם: יצלצל כאן', '参加中：ここで鳴ります'],
  tick: ['Tick', 'Ticchettio', 'Tictac', 'Tic-tac', 'Ticken', 'Tiquetaque', 'Tykanie', 'Цокання', 'تكتكة', 'Χτύπος', 'תקתוק', '秒の音'],
  spoken: ['Spoken count', 'Conto a voce', 'Cuenta hablada', 'Compte à voix haute', 'Gesprochen zählen', 'Contagem falada', 'Odliczanie głosem', 'Лік голосом', 'عدّ صوتي', 'Προφορική μέτρηση', 'ספירה בקול', '読み上げ'],
  full: ['Full screen', 'Schermo intero', 'Pantalla completa', 'Plein écran', 'Vollbild', 'Ecrã inteiro', 'Pełny ekran', 'На весь екран', 'ملء الشاشة', 'Πλήρης οθόνη', 'מסך מלא', '全画面'],
  your_time: ['your time', 'la tua ora', 'tu hora', 'votre heure', 'deine Zeit', 'a sua hora', 'Twój czas', 'ваш час', 'بتوقيتك', 'η ώρα σας', 'השעה אצלכם', 'あなたの時刻'],
  same_instant: ['everywhere at the same instant', 'ovunque nello stesso istante', 'en todas partes en el mismo instante', 'partout au même instant', 'überall im selben Augenblick', 'em toda a parte no mesmo instante', 'wszędzie w tej samej chwili', 'усюди в ту саму мить', 'في كل مكان في اللحظة نفسها', 'παντού την ίδια στιγμή', 'בכל מקום באותו הרגע', '世界中で同じ瞬間に'],
  own_clock: ['at each place’s own clock', 'all’ora di ciascun luogo', 'a la hora de cada lugar', 'à l’heure de chaque lieu', 'nach der Uhr jedes Ortes', 'à hora de cada lugar', 'według zegara każdego miejsca', 'за годинником кожного місця', 'حسب ساعة كل مكان', 'με την ώρα κάθε τόπου', 'לפי השעון של כל מקום', 'それぞれの土地の時刻で'],
  silence: ['silence', 'silenzio', 'silencio', 'silence', 'Stille', 'silêncio', 'cisza', 'тиша', 'صمت', 'σιωπή', 'דומייה', '黙とう'],
  candles: ['candles', 'candele', 'velas', 'bougies', 'Kerzen', 'velas', 'świece', 'свічки', 'شموع', 'κεριά', 'נרות', 'キャンドル'],
  now: ['Now, together', 'Adesso, insieme', 'Ahora, juntos', 'Maintenant, ensemble', 'Jetzt, gemeinsam', 'Agora, em conjunto', 'Teraz, razem', 'Зараз, разом', 'الآن، معًا', 'Τώρα, μαζί', 'עכשיו, ביחד', 'いま、いっしょに'],
  late: ['It has begun: you join quietly', 'È già iniziato: ti unisci in silenzio', 'Ya ha empezado: te unes en silencio', 'C’est commencé : vous rejoignez en silence', 'Es hat begonnen: du kommst leise dazu', 'Já começou: junta-se em silêncio', 'Już się zaczęło: dołączasz po cichu', 'Уже почалося: ви долучаєтеся тихо', 'لقد بدأ: تنضم بهدوء', 'Έχει αρχίσει: μπαίνετε σιωπηλά', 'זה התחיל: מצטרפים בשקט', 'すでに始まっています。静かに加わります'],
  missed: ['This device slept and missed the beginning of:', 'Il dispositivo dormiva e ha mancato l’inizio di:', 'El dispositivo dormía y se perdió el comienzo de:', 'L’appareil dormait et a manqué le début de :', 'Dieses Gerät schlief und hat den Beginn verpasst:', 'O dispositivo dormia e perdeu o início de:', 'Urządzenie spało i przegapiło początek:', 'Пристрій спав і пропустив початок:', 'كان الجهاز نائمًا ففاته بدء:', 'Η συσκευή κοιμόταν και έχασε την αρχή:', 'המכשיר ישן והחמיץ את תחילתו של:', '端末のスリープ中に開始を逃しました：'],
  moved: ['The time has changed:', 'L’ora è cambiata:', 'La hora ha cambiado:', 'L’heure a changé :', 'Die Zeit hat sich geändert:', 'A hora mudou:', 'Zmieniono czas:', 'Час змінено:', 'تغيّر الوقت:', 'Η ώρα άλλαξε:', 'השעה השתנתה:', '時刻が変わりました：'],
  withdrawn: ['Called off:', 'Annullato:', 'Cancelado:', 'Annulé :', 'Abgesagt:', 'Cancelado:', 'Odwołane:', 'Скасовано:', 'أُلغي:', 'Ακυρώθηκε:', 'בוטל:', '中止：'],
  rest: ['Now rest. Nothing is asked of anyone.', 'Ora il riposo. A nessuno si chiede nulla.', 'Ahora, descanso. A nadie se le pide nada.', 'Maintenant, le repos. On ne demande rien à personne.', 'Jetzt ist Ruhe. Von niemandem wird etwas verlangt.', 'Agora, descanso. Não se pede nada a ninguém.', 'Teraz odpoczynek. Od nikogo niczego się nie oczekuje.', 'Тепер відпочинок. Ні від кого нічого не вимагається.', 'الآن الراحة. لا يُطلَب شيء من أحد.', 'Τώρα ανάπαυση. Δεν ζητείται τίποτα από κανέναν.', 'עכשיו מנוחה. איש אינו נדרש לדבר.', 'いまは休息です。誰にも何も求められません。'],
  nothing: ['Nothing is declared for the time ahead.', 'Per ora non è annunciato nulla.', 'No hay nada anunciado por ahora.', 'Rien n’est annoncé pour la suite.', 'Für die kommende Zeit ist nichts angekündigt.', 'Nada está anunciado por agora.', 'Na razie nic nie ogłoszono.', 'Поки що нічого не оголошено.', 'لم يُعلَن عن شيء للفترة القادمة.', 'Δεν έχει ανακοινωθεί τίποτα προς το παρόν.', 'לא הוכרז דבר לזמן הקרוב.', '今のところ予定はありません。'],
  no_root: ['This link is not whole: it must end in # and 64 characters. Ask for it again.', 'Il link non è intero: deve finire con # e 64 caratteri. Chiedilo di nuovo.', 'El enlace no está completo: debe acabar en # y 64 caracteres. Pídelo de nuevo.', 'Ce lien est incomplet : il doit finir par # et 64 caractères. Redemandez-le.', 'Dieser Link ist nicht ganz: Er muss mit # und 64 Zeichen enden. Lass ihn dir noch einmal geben.', 'A ligação está incompleta: deve acabar em # e 64 caracteres. Peça-a de novo.', 'Ten link jest niepełny: musi kończyć się # i 64 znakami. Poproś o niego ponownie.', 'Це посилання неповне: воно має закінчуватися на # і 64 знаки. Попросіть його ще раз.', 'هذا الرابط ناقص: يجب أن ينتهي بـ # و64 حرفًا. اطلبه مرة أخرى.', 'Ο σύνδεσμος δεν είναι πλήρης: πρέπει να τελειώνει σε # και 64 χαρακτήρες. Ζητήστε τον ξανά.', 'הקישור אינו שלם: עליו להסתיים ב־# ו־64 תווים. בקשו אותו שוב.', 'リンクが欠けています。末尾は # と64文字です。もう一度もらってください。'],
  no_page: ['This browser is too old for this page. Try a newer one.', 'Questo browser è troppo vecchio per la pagina. Provane uno più nuovo.', 'Este navegador es demasiado antiguo para la página. Prueba uno más nuevo.', 'Ce navigateur est trop ancien pour cette page. Essayez-en un plus récent.', 'Dieser Browser ist zu alt für die Seite. Nimm einen neueren.', 'Este navegador é demasiado antigo para a página. Experimente um mais recente.', 'Ta przeglądarka jest za stara dla tej strony. Użyj nowszej.', 'Цей браузер застарий для сторінки. Спробуйте новіший.', 'هذا المتصفح أقدم من أن يفتح الصفحة. جرّب أحدث منه.', 'Ο περιηγητής είναι πολύ παλιός για τη σελίδα. Δοκιμάστε νεότερο.', 'הדפדפן ישן מדי לעמוד הזה. נסו חדש יותר.', 'このブラウザーは古すぎます。新しいものでお試しください。'],
  waiting: ['Waiting for the signed records', 'In attesa dei documenti firmati', 'Esperando los documentos firmados', 'En attente des documents signés', 'Warten auf die unterschriebenen Angaben', 'À espera dos documentos assinados', 'Oczekiwanie na podpisane zapisy', 'Очікування підписаних записів', 'في انتظار السجلات الموقّعة', 'Αναμονή για τα υπογεγραμμένα στοιχεία', 'ממתינים לרשומות החתומות', '署名付きの記録を待っています'],
  tentative: ['Not yet confirmed: {signatures} of {threshold} signatures', 'Non ancora confermato: {signatures} firme su {threshold}', 'Aún sin confirmar: {signatures} de {threshold} firmas', 'Pas encore confirmé : {signatures} signatures sur {threshold}', 'Noch nicht bestätigt: {signatures} von {threshold} Unterschriften', 'Ainda não confirmado: {signatures} de {threshold} assinaturas', 'Jeszcze niepotwierdzone: podpisy {signatures} z {threshold}', 'Ще не підтверджено: підписів {signatures} з {threshold}', 'لم يُؤكَّد بعد: {signatures} من {threshold} توقيعات', 'Δεν επιβεβαιώθηκε ακόμη: {signatures} από {threshold} υπογραφές', 'טרם אושר: {signatures} מתוך {threshold} חתימות', '未確定：署名 {signatures} / {threshold}'],
  in_step: ['in step, ± {time}', 'a tempo, ± {time}', 'al compás, ± {time}', 'en phase, ± {time}', 'im Takt, ± {time}', 'em sintonia, ± {time}', 'w zgodzie, ± {time}', 'у такт, ± {time}', 'متزامن، ± {time}', 'σε συγχρονισμό, ± {time}', 'מסונכרן, ± {time}', '同期中、± {time}'],
  not_proved: ['not proved', 'non provato', 'sin probar', 'non prouvé', 'nicht bewiesen', 'não provado', 'nieudowodnione', 'не доведено', 'غير مُثبَت', 'μη αποδεδειγμένο', 'לא הוכח', '未証明'],
  proved: ['proved by the beacons: {names}', 'provato dai fari: {names}', 'probado por las balizas: {names}', 'prouvé par les balises : {names}', 'bewiesen durch die Baken: {names}', 'provado pelos faróis: {names}', 'udowodniły nadajniki: {names}', 'доведено маяками: {names}', 'أثبتته المنارات: {names}', 'το αποδεικνύουν οι φάροι: {names}', 'הוכח בידי המשואות: {names}', 'ビーコンが証明：{names}'],
  speaker: ['this device’s sound may add {time}', 'il suono del dispositivo può aggiungere {time}', 'el sonido del dispositivo puede sumar {time}', 'le son de l’appareil peut ajouter {time}', 'der Ton dieses Geräts kann {time} dazugeben', 'o som do dispositivo pode somar {time}', 'dźwięk urządzenia może dodać {time}', 'звук пристрою може додати {time}', 'قد يضيف صوت الجهاز {time}', 'ο ήχος της συσκευής ίσως προσθέσει {time}', 'צליל המכשיר עשוי להוסיף {time}', '端末の音が {time} 遅れることがあります'],
  tuned: ['sound tuned by {time}', 'suono regolato di {time}', 'sonido ajustado en {time}', 'son réglé de {time}', 'Ton um {time} gestimmt', 'som ajustado em {time}', 'dźwięk dostrojony o {time}', 'звук підлаштовано на {time}', 'ضُبط الصوت بمقدار {time}', 'ο ήχος ρυθμίστηκε κατά {time}', 'הצליל כוונן ב־{time}', '音を {time} 調整済み'],
  tune: ['tune it', 'regola', 'ajustar', 'régler', 'abstimmen', 'ajustar', 'dostrój', 'підлаштувати', 'اضبطه', 'ρύθμιση', 'לכוון', '調整する'],
  tap: ['Tap here with each tick that you hear', 'Tocca qui a ogni tic che senti', 'Toca aquí con cada tic que oigas', 'Touchez ici à chaque tic entendu', 'Tippe hier bei jedem Tick, den du hörst', 'Toque aqui a cada tique que ouvir', 'Stukaj tu z każdym słyszanym tyknięciem', 'Торкайтеся тут з кожним почутим цоком', 'انقر هنا مع كل تكة تسمعها', 'Πατήστε εδώ με κάθε χτύπο που ακούτε', 'הקישו כאן עם כל תקתוק שנשמע', '音が聞こえるたびにここを押してください'],
  untuned: ['The taps were too uneven: nothing was changed', 'Tocchi troppo irregolari: nulla è cambiato', 'Toques demasiado irregulares: nada ha cambiado', 'Touches trop irrégulières : rien n’a changé', 'Zu ungleichmäßig getippt: nichts geändert', 'Toques demasiado irregulares: nada mudou', 'Zbyt nierówno: nic nie zmieniono', 'Надто нерівно: нічого не змінено', 'نقرات غير منتظمة: لم يتغير شيء', 'Πολύ άνισα πατήματα: δεν άλλαξε τίποτα', 'ההקשות לא אחידות: דבר לא השתנה', 'ばらつきが大きいため、変更しませんでした'],
  'nothing-known': ['Nothing is known of the time yet: looking for the beacons', 'Dell’ora non si sa ancora nulla: cerco i fari', 'Aún no se sabe nada de la hora: buscando las balizas', 'On ne sait encore rien de l’heure : recherche des balises', 'Von der Zeit ist noch nichts bekannt: die Baken werden gesucht', 'Ainda nada se sabe da hora: a procurar os faróis', 'O czasie nic jeszcze nie wiadomo: szukamy nadajników', 'Про час ще нічого не відомо: шукаємо маяки', 'لا يُعرف شيء عن الوقت بعد: نبحث عن المنارات', 'Τίποτα δεν είναι γνωστό για την ώρα: αναζήτηση φάρων', 'עדיין לא ידוע דבר על השעה: מחפשים משואות', '時刻はまだ不明です。ビーコンを探しています'],
  'not-vouched': ['By this device’s own clock: nobody vouches for it', 'Con l’orologio del dispositivo: nessuno ne garantisce', 'Con el reloj del dispositivo: nadie responde por él', 'D’après l’horloge de l’appareil : personne n’en répond', 'Nach der Uhr dieses Geräts: Niemand bürgt für sie', 'Pelo relógio do dispositivo: ninguém responde por ele', 'Według zegara urządzenia: nikt za niego nie ręczy', 'За годинником пристрою: ніхто за нього не ручається', 'حسب ساعة الجهاز: لا أحد يضمنها', 'Με το ρολόι της συσκευής: κανείς δεν εγγυάται', 'לפי שעון המכשיר: איש אינו ערב לו', 'この端末の時計による：誰も保証していません'],
  'far-behind': ['This device’s clock is far behind the beacons: set it', 'L’orologio del dispositivo è molto indietro: regolalo', 'El reloj del dispositivo va muy atrasado: ajústalo', 'L’horloge de l’appareil retarde beaucoup : réglez-la', 'Die Uhr dieses Geräts geht weit nach: Stelle sie', 'O relógio do dispositivo está muito atrasado: acerte-o', 'Zegar urządzenia bardzo się spóźnia: ustaw go', 'Годинник пристрою дуже відстає: налаштуйте його', 'ساعة الجهاز متأخرة كثيرًا: اضبطها', 'Το ρολόι της συσκευής πάει πολύ πίσω: ρυθμίστε το', 'שעון המכשיר מפגר מאוד: כוונו אותו', '端末の時計が大きく遅れています。合わせてください'],
  'no-majority': ['The beacons do not agree on the time', 'I fari non sono d’accordo sull’ora', 'Las balizas no coinciden en la hora', 'Les balises ne s’accordent pas sur l’heure', 'Die Baken sind sich über die Zeit nicht einig', 'Os faróis não concordam na hora', 'Nadajniki nie są zgodne co do czasu', 'Маяки не згодні щодо часу', 'المنارات غير متفقة على الوقت', 'Οι φάροι δεν συμφωνούν για την ώρα', 'המשואות אינן מסכימות על השעה', 'ビーコンの時刻が一致しません'],
  capped: ['The beacons’ time is beyond what is credible: not followed', 'L’ora dei fari non è credibile: non la seguo', 'La hora de las balizas no es creíble: no se sigue', 'L’heure des balises n’est pas crédible : non suivie', 'Die Zeit der Baken ist nicht glaubhaft: sie gilt nicht', 'A hora dos faróis não é credível: não é seguida', 'Czas nadajników jest niewiarygodny: pominięty', 'Час маяків неправдоподібний: його не враховано', 'وقت المنارات غير معقول: لا يُتبع', 'Η ώρα των φάρων δεν είναι πιστευτή: δεν ακολουθείται', 'שעת המשואות אינה סבירה: לא הולכים לפיה', 'ビーコンの時刻は信じられないため従いません'],
  'below-floor': ['This device’s clock is earlier than what was already proved: set it', 'L’orologio è più indietro di quanto già provato: regolalo', 'El reloj va por detrás de lo ya probado: ajústalo', 'L’horloge est en deçà de ce qui fut prouvé : réglez-la', 'Die Uhr liegt vor schon Bewiesenem: Stelle sie', 'O relógio está antes do que já foi provado: acerte-o', 'Zegar wskazuje czas wcześniejszy niż udowodniony: ustaw go', 'Годинник показує раніше, ніж уже доведено: налаштуйте', 'ساعة الجهاز أبكر مما ثبت: اضبطها', 'Το ρολόι είναι πίσω από τα ήδη αποδεδειγμένα: ρυθμίστε το', 'השעון מוקדם ממה שכבר הוכח: כוונו אותו', '端末の時計が証明済みの時刻より前です。合わせてください'],
  together: ['Together with the beacons; they do not know the exact time themselves', 'Insieme ai fari, che non sanno l’ora esatta', 'Junto con las balizas, que no saben la hora exacta', 'Avec les balises, qui ignorent l’heure exacte', 'Zusammen mit den Baken; die genaue Zeit wissen sie selbst nicht', 'Com os faróis, que não sabem a hora exata', 'Razem z nadajnikami; same nie znają dokładnego czasu', 'Разом із маяками; точного часу вони не знають', 'مع المنارات، وهي لا تعرف الوقت الدقيق', 'Μαζί με τους φάρους· ούτε αυτοί ξέρουν την ακριβή ώρα', 'יחד עם המשואות; גם הן אינן יודעות את השעה המדויקת', 'ビーコンと同期。ただし正確な時刻は不明です'],
  'may-be-ahead': ['This device’s clock may be ahead: asking the beacons', 'L’orologio può essere avanti: chiedo ai fari', 'El reloj puede ir adelantado: preguntando a las balizas', 'L’horloge avance peut-être : question aux balises', 'Die Uhr geht vielleicht vor: die Baken werden gefragt', 'O relógio pode estar adiantado: a perguntar aos faróis', 'Zegar może się spieszyć: pytamy nadajniki', 'Годинник може поспішати: питаємо маяки', 'قد تكون الساعة متقدمة: نسأل المنارات', 'Το ρολόι ίσως πάει μπροστά: ρωτάμε τους φάρους', 'ייתכן שהשעון ממהר: שואלים את המשואות', '端末の時計が進んでいるかもしれません。確認中です'],
  elsewhere: ['Another tab or window of this browser rings', 'Suona un’altra scheda di questo browser', 'Suena otra pestaña de este navegador', 'Un autre onglet de ce navigateur sonne', 'Ein anderer Tab dieses Browsers läutet', 'Outro separador deste navegador toca', 'Dzwoni inna karta tej przeglądarki', 'Дзвонить інша вкладка цього браузера', 'تقرع علامة تبويب أخرى في هذا المتصفح', 'Χτυπά άλλη καρτέλα του περιηγητή', 'לשונית אחרת בדפדפן מצלצלת', 'このブラウザーの別のタブで鳴ります'],
  may_sleep: ['This browser lets the screen go dark: touch it now and then', 'Lo schermo può spegnersi: toccalo ogni tanto', 'La pantalla puede apagarse: tócala de vez en cuando', 'L’écran peut s’éteindre : touchez-le de temps en temps', 'Der Bildschirm kann ausgehen: Berühre ihn ab und zu', 'O ecrã pode apagar-se: toque-lhe de vez em quando', 'Ekran może zgasnąć: dotykaj go co jakiś czas', 'Екран може згаснути: торкайтеся його час від часу', 'قد تنطفئ الشاشة: المسها بين حين وآخر', 'Η οθόνη ίσως σβήσει: αγγίζετέ την πού και πού', 'המסך עלול לכבות: געו בו מדי פעם', '画面が消えることがあります。ときどき触れてください'],
  then: ['Then', 'Poi', 'Luego', 'Puis', 'Dann', 'Depois', 'Potem', 'Потім', 'ثم', 'Έπειτα', 'ואז', 'その後'],
  believes: ['Compare these words with others who are there:', 'Confronta queste parole con chi è con te:', 'Compara estas palabras con quienes te acompañan:', 'Comparez ces mots avec vos proches :', 'Vergleicht diese Worte miteinander:', 'Compare estas palavras com quem está consigo:', 'Porównaj te słowa z innymi:', 'Порівняйте ці слова з іншими:', 'قارن هذه الكلمات مع من حولك:', 'Συγκρίνετε αυτές τις λέξεις με τους γύρω σας:', 'השוו את המילים האלה עם מי שלצדכם:', 'この言葉を周りの人と見比べてください：'],
  records: ['Records from a file', 'Documenti da un file', 'Documentos desde un archivo', 'Documents d’un fichier', 'Angaben aus einer Datei', 'Documentos de um ficheiro', 'Zapisy z pliku', 'Записи з файлу', 'سجلات من ملف', 'Στοιχεία από αρχείο', 'רשומות מקובץ', 'ファイルから記録を読む'],
  taken: ['New: {records} records, {signatures} signatures', 'Nuovi: {records} documenti, {signatures} firme', 'Nuevos: {records} documentos, {signatures} firmas', 'Nouveau : {records} documents, {signatures} signatures', 'Neu: {records} Angaben, {signatures} Unterschriften', 'Novos: {records} documentos, {signatures} assinaturas', 'Nowe: zapisy {records}, podpisy {signatures}', 'Нові: записи {records}, підписи {signatures}', 'جديد: {records} سجلات و{signatures} توقيعات', 'Νέα: {records} στοιχεία, {signatures} υπογραφές', 'חדש: {records} רשומות, {signatures} חתימות', '新規：記録 {records}、署名 {signatures}'],
  as_of: ['As of {date}. For changes look here:', 'Al {date}. Per i cambiamenti guarda qui:', 'A fecha de {date}. Para cambios, mira aquí:', 'En date du {date}. Pour les changements, voyez ici :', 'Stand {date}. Änderungen stehen hier:', 'À data de {date}. Para alterações veja aqui:', 'Stan na {date}. Zmiany są tutaj:', 'Станом на {date}. Зміни дивіться тут:', 'حتى {date}. للتغييرات انظر هنا:', 'Στις {date}. Για αλλαγές δείτε εδώ:', 'נכון ל־{date}. לשינויים ראו כאן:', '{date} 現在。変更はこちら：'],
  language: ['Language', 'Lingua', 'Idioma', 'Langue', 'Sprache', 'Língua', 'Język', 'Мова', 'اللغة', 'Γλώσσα', 'שפה', '言語'],
}

/** The first of the wished languages that there is. @param {readonly string[]} wished */
export const choose = wished => wished.map(tag => tag.split('-')[0].toLowerCase()).find(tag => LANGUAGES.includes(tag)) ?? 'en'

/** @param {string} language */
export const direction = language => language === 'ar' || language === 'he' ? 'rtl' : 'ltr'

export class Words {
  #column; #tag
  /** @param {string} language  one of LANGUAGES  @param {string} [zone] */
  constructor(language, zone) {
    this.language = language
    this.#column = LANGUAGES.indexOf(language)
    this.#tag = `${language === 'en' ? 'en-GB' : language}-u-nu-latn` // as the site writes them
    this.zone = zone
  }

  /** @param {string} name  @param {Record<string, string | number>} [put] */
  say(name, put = {}) {
    return (PHRASES[name]?.[this.#column] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(put[key]))
  }

  /** @param {string} name */
  has(name) { return name in PHRASES }

  /** 4 ms, 1.2 s. @param {number} ms */
  short(ms) {
    const [value, unit] = ms < 1000 ? [Math.ceil(ms), 'millisecond'] : [Math.ceil(ms / 100) / 10, 'second']
    return new Intl.NumberFormat(this.#tag, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  }

  /** 1 minute, 2 hours: in the greatest unit that leaves nothing over. @param {number} seconds */
  length(seconds) {
    const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, size]) => seconds % Number(size) === 0) ?? ['second', 1]
    return new Intl.NumberFormat(this.#tag, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(seconds / Number(size))
  }

  /** in 246 days. @param {number} days */
  inDays(days) { return new Intl.RelativeTimeFormat(this.#tag).format(days, 'day') }

  /** @param {number} utc */
  hour(utc) { return new Intl.DateTimeFormat(this.#tag, { hour: '2-digit', minute: '2-digit', timeZone: this.zone }).format(utc) }

  /** @param {number} utc */
  date(utc) { return new Intl.DateTimeFormat(this.#tag, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: this.zone }).format(utc) }

  /** @param {number} utc */
  brief(utc) { return new Intl.DateTimeFormat(this.#tag, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: this.zone }).format(utc) }

  /** @param {string[]} items */
  list(items) { return new Intl.ListFormat(this.#tag, { style: 'short' }).format(items) }

  /** Its own name for itself. @param {string} language */
  nameOf(language) { return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language }
}
