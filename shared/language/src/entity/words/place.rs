//! Places on site and documents.

use crate::entity::dictionary::Rows;
use crate::entity::sense::Sense as S;

pub(super) const ROWS: Rows = &[
    (
        S::Place,
        "block|blk|building|bldg|tower|zone|sector|area|floor|flr|level|lvl|storey|story|axis|axes|axises|grid|grids|grid line|grid lines|gridline|gridlines|room|rm|villa|unit|apartment|apt|flat|house|gate|plot|wing|column|columns|phase|section|line|stair|staircase|lift shaft|shaft|lobby|corridor|facade|elevation|podium level|basement level|basement|parking level|manhole|mh|pier|pile cap|footing|beam|bay|warehouse|hangar|bridge|chainage|ch|station|sta",
    ),
    (
        S::Place,
        "شقه|فيلا|فيلات|فله|بلوك|بلك|بلوكات|مبني|بنايه|عماره|برج|منطقه|زون|طابق|الطابق|دور|الدور|محور|محاور|المحور|المحاور|غرفه|قطعه ارض|قطعه|عمود|مرحله|بوابه|قطاع|جناح|سكتور|مستودع|خط|درج|قاعده|منسوب الطابق|شارع|بدروم",
    ),
    (
        S::Place,
        "блок|блока|блоке|блоку|корпус|корпуса|корпусе|корпусу|секция|секции|секцию|секциеи|этаж|этажа|этаже|этажу|этажи|этажеи|этажах|ось|оси|осях|осям|осеи|осью|осевых|зона|зоны|зоне|зону|комната|комнате|комнату|комнаты|квартира|квартире|квартиру|квартиры|кв|дом|дома|доме|подъезд|подъезде|подъезда|подъезду|колонна|колонны|колонне|колонну|здание|здании|здания|захватка|захватке|захватки|захватку|помещение|помещении|помещения|пом|участок|участке|участка|башня|башне|башни|уровень|уровне|ярус|ярусе|пролет|пролете|стояк|стояке|очередь|пикет|пк|склад|блок - секция|блок - секции|ворота",
    ),
    (
        S::NamedPlace,
        "roof|rooftop|roof top|ground floor|g floor|gf|podium|mezzanine|parking|car park|carpark|swimming pool|pump room|boundary wall|main entrance|main gate|site office|electrical room|mep room|lift pit|water tank|roof slab|top floor|last floor|the penthouse|penthouse|courtyard",
    ),
    (
        S::NamedPlace,
        "السطح|سطح|الروف|روف|القبو|قبو|سرداب|السرداب|البدروم|الطابق الارضي|طابق ارضي|الدور الارضي|دور ارضي|الارضي|الميزانين|ميزانين|البوديوم|الملحق|الكراج|المواقف|المدخل الرييسي|البوابه الرييسيه|السور|غرفه المضخات|الخزان|الطابق الاخير|الدور الاخير|التسويه|الموقف",
    ),
    (
        S::NamedPlace,
        "крыша|крыше|крышу|крыши|кровля|кровле|кровлю|кровли|подвал|подвале|подвала|подвалу|цоколь|цоколе|цокольныи этаж|цокольном этаже|паркинг|паркинге|паркинга|чердак|чердаке|техэтаж|техэтаже|тех этаж|лифтовая шахта|лифтовои шахте|котлован|котловане|котлована|бытовка|бытовке|мансарда|мансарде|лобби|техподполье|последнем этаже|последнии этаж|стилобат|стилобате",
    ),
    (
        S::Side,
        "north|south|east|west|northern|southern|eastern|western|left|right|front|rear|back|الشمالي|الشماليه|الجنوبي|الجنوبيه|الشرقي|الشرقيه|الغربي|الغربيه|северн*|южн*|восточн*|западн*",
    ),
    (
        S::Ordinal(1),
        "الاول|الاولي|الاولاني|اول|первыи|первом|первому|первого|первои|первая|первую|1 st",
    ),
    (
        S::Ordinal(2),
        "الثاني|الثانيه|التاني|التانيه|ثاني|تاني|второи|втором|второму|второго|вторая|вторую",
    ),
    (
        S::Ordinal(3),
        "الثالث|الثالثه|التالت|التالته|ثالث|تالت|третии|третьем|третьему|третьего|третья|третью|третьеи",
    ),
    (
        S::Ordinal(4),
        "الرابع|الرابعه|رابع|четвертыи|четвертом|четвертому|четвертого|четвертая|четвертую",
    ),
    (S::Ordinal(5), "الخامس|الخامسه|خامس|пятыи|пятом|пятому|пятого|пятая|пятую"),
    (S::Ordinal(6), "السادس|السادسه|سادس|шестои|шестом|шестому|шестого"),
    (S::Ordinal(7), "السابع|السابعه|سابع|седьмои|седьмом|седьмому|седьмого|седьмая"),
    (S::Ordinal(8), "الثامن|الثامنه|التامن|ثامن|восьмои|восьмом|восьмому|восьмого"),
    (S::Ordinal(9), "التاسع|التاسعه|تاسع|девятыи|девятом|девятому|девятого"),
    (S::Ordinal(10), "العاشر|العاشره|عاشر|десятыи|десятом|десятому|десятого"),
    (S::Ordinal(11), "الحادي عشر|الحداعش|одиннадцатыи|одиннадцатом"),
    (S::Ordinal(12), "الثاني عشر|الثانيه عشره|двенадцатыи|двенадцатом"),
    (
        S::Document,
        "drawing|drawings|drwg|dwg|dwgs|drg|sheet|sheets|detail|invoice|invoices|inv|document|doc|spec|specification|submittal|submital|rfi|rfis|po|lpo|purchase order|work order|boq item|permit|ptw|contract|letter|ncr|ncrs|mir|wir|vo|variation|variation order|change order|co|quotation|quote|delivery note|dn|grn|receipt|report|transmittal|revision|certificate|cert|appendix|annex|clause|method statement|ms|itp|itr|shop drawing|shop drawings|sd|section detail|tender|mom|eot|claim|sketch|sk|technical query|tq|site instruction|si|inspection request|ir|payment certificate|ipc|bill",
    ),
    (
        S::Document,
        "مخطط|مخططات|المخطط|لوحه|اللوحه|رسمه|رسم|فاتوره|الفاتوره|مستند|عقد|العقد|تصريح|التصريح|شهاده|امر شرا|امر تغيير|امر تغييري|محضر|تقرير|كشف|سند|سند قبض|اذن صرف|مستخلص|المستخلص|خطاب|بند|البند|نموذج|تفصيله|اعتماد|بوليصه|اذن تسليم",
    ),
    (
        S::Document,
        "чертеж|чертежа|чертежу|чертежи|чертеже|лист|листа|листе|счет|счета|счету|счет - фактура|накладная|накладнои|накладную|ттн|упд|договор|договора|договору|договоре|акт|акта|акту|предписание|предписания|предписанию|письмо|смета сметы|заявка|заявку|заявки|приказ|проект шифр|раздел|узел|узла|схема|схеме|паспорт|сертификат|протокол|спецификация|спецификации|допсоглашение|допник|кс|м - 29|наряд|наряд - допуск|рд|том|квитанция",
    ),
    (
        S::NamedDocument,
        "boq|boqs|bill of quantities|method statement|shop drawings|shop drawing|soil report|جدول الكميات|مستند الكميات|حصر الكميات|ведомость объемов|ведомости объемов|вор|ппр|исполнительная схема|исполнительную схему|кс 2|кс 3|кс - 2|кс - 3",
    ),
    (
        S::DocumentPrefix,
        "rfi|inv|po|lpo|vo|ncr|mir|wir|ir|itp|itr|ptw|grn|dn|dwg|drg|sk|si|tq|ipc|eot|mom|co|pr|mr|sd|ms|кж|кр|км|кмд|ар|ас|ов|вк|эом|эс|сс|гп|тх|пос|ппр|рд|кд|кс|пб",
    ),
    (
        S::NumberSign,
        "no|no .|nos .|number|num|num .|nr|nr .|ref|ref .|#|№|n °|رقم|رقمها|رقمه|номер|номером|номера|под номером|шифр",
    ),
    (
        S::Naming,
        "no|no .|number|num|nr|ref|ref .|#|№|رقم|رقمه|رقمها|номер|номером|id|code|pin|otp|ext|ext .|extension|tel|tel .|phone|mob|mobile|call|whatsapp|plate|iban|account|acc|a / c|trn|vat no|بلوحه|لوحه|تلفون|هاتف|جوال|موبايل|كود|رمز|حساب رقم|هويه|тел|тел .|телефон|телефону|код|пин|доб|доб .|инн|кпп|бик|счет №|госномер|гос номер|звоните|позвонить|масштаб|scale|مقياس|grade|grd|class|type|марка|марки|марку|класс|класса|гост|صنف|رتبه|نوع|درجه|dia|diameter|قطر|диаметр|диаметром|ф|o|rev|revision|version|page|стр|v|size|مقاس|размер",
    ),
    (
        S::Elevation,
        "el|el .|elev|elev .|elevation|elevations|rl|r . l|r . l .|ffl|ssl|level|lvl|منسوب|المنسوب|отметка|отметке|отметки|отметку|отм|отм .|отметкои",
    ),
];
