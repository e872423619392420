//! The currencies of the region, and the words of paying.

use crate::entity::dictionary::Rows;
use crate::entity::sense::{Coin, Sense as S};

const fn only(code: &'static str) -> Coin {
    Coin { usual: Some(code), also: &[] }
}

const fn shared(usual: &'static str, also: &'static [&'static str]) -> Coin {
    Coin { usual: Some(usual), also }
}

static DIRHAM: Coin = shared("AED", &["MAD"]);
static RIYAL: Coin = shared("SAR", &["QAR", "OMR", "YER"]);
static DINAR: Coin = Coin { usual: None, also: &["KWD", "JOD", "BHD", "IQD", "LYD", "TND", "DZD"] };
static DOLLAR: Coin = shared("USD", &["CAD", "AUD", "SGD", "HKD"]);
static POUND: Coin = shared("GBP", &["EGP", "LBP", "SYP", "SDG"]);
static GUINEA: Coin = shared("EGP", &["SDG"]);
static LIRA: Coin = Coin { usual: None, also: &["LBP", "SYP", "TRY"] };
static RUPEE: Coin = shared("INR", &["PKR", "LKR", "NPR"]);
static MANAT: Coin = shared("AZN", &["TMT"]);
static AED: Coin = only("AED");
static SAR: Coin = only("SAR");
static QAR: Coin = only("QAR");
static OMR: Coin = only("OMR");
static YER: Coin = only("YER");
static KWD: Coin = only("KWD");
static JOD: Coin = only("JOD");
static BHD: Coin = only("BHD");
static IQD: Coin = only("IQD");
static LYD: Coin = only("LYD");
static TND: Coin = only("TND");
static DZD: Coin = only("DZD");
static USD: Coin = only("USD");
static EUR: Coin = only("EUR");
static GBP: Coin = only("GBP");
static EGP: Coin = only("EGP");
static SDG: Coin = only("SDG");
static LBP: Coin = only("LBP");
static SYP: Coin = only("SYP");
static TRY: Coin = only("TRY");
static RUB: Coin = only("RUB");
static KZT: Coin = only("KZT");
static UZS: Coin = only("UZS");
static KGS: Coin = only("KGS");
static UAH: Coin = only("UAH");
static BYN: Coin = only("BYN");
static GEL: Coin = only("GEL");
static AMD: Coin = only("AMD");
static CNY: Coin = only("CNY");
static INR: Coin = only("INR");
static PKR: Coin = only("PKR");
static MAD: Coin = only("MAD");

pub(super) const ROWS: Rows = &[
    (
        S::Money(&DIRHAM),
        "dirham|dirhams|dirhem|dirhems|derham|derhams|durham|درهم|دراهم|dirhm|дирхам*",
    ),
    (
        S::Money(&AED),
        "aed|aeds|dhs|dhs .|dh|dh .|dhm|dhms|د . ا|د ا|درهم اماراتي|dirhams uae|uae dirham*",
    ),
    (S::Money(&MAD), "mad|درهم مغربي|moroccan dirham*"),
    (S::Money(&RIYAL), "riyal|riyals|rial|rials|riyaal|ريال|ريالات|رياﻻت|риал*|риял*|реал|реалов"),
    (
        S::Money(&SAR),
        "sar|sr|sr .|s . r|s . r .|ر . س|ر س|ريال سعودي|saudi riyal*|saudi rial*|﷼|саудовск* риял*|саудовск* риал*",
    ),
    (
        S::Money(&QAR),
        "qar|qr|qrs|q . r|ر . ق|ريال قطري|qatari riyal*|qatari rial*|катарск* риал*|катарск* риял*",
    ),
    (S::Money(&OMR), "omr|ro|ريال عماني|ر . ع|omani rial*|omani riyal*|оманск* риал*"),
    (S::Money(&YER), "yer|ريال يمني"),
    (S::Money(&DINAR), "dinar|dinars|dinnar|دينار|دنانير|динар*|д ."),
    (
        S::Money(&KWD),
        "kwd|kd|kds|k . d|k . d .|د . ك|د ك|دينار كويتي|kuwaiti dinar*|кувеитск* динар*",
    ),
    (S::Money(&JOD), "jod|jd|jds|j . d|دينار اردني|jordanian dinar*|иорданск* динар*"),
    (S::Money(&BHD), "bhd|bd|د . ب|دينار بحريني|bahraini dinar*|бахреинск* динар*"),
    (S::Money(&IQD), "iqd|د . ع|دينار عراقي|iraqi dinar*|иракск* динар*"),
    (S::Money(&LYD), "lyd|دينار ليبي|libyan dinar*"),
    (S::Money(&TND), "tnd|دينار تونسي"),
    (S::Money(&DZD), "dzd|دينار جزايري"),
    (
        S::Money(&DOLLAR),
        "$|dollar|dollars|dolar|dolars|bucks|دولار|دولارات|دولر|dollr|доллар*|долл|долл .|бакс*",
    ),
    (S::Money(&USD), "usd|us $|us dollar*|دولار امريكي|доллар* сша|у . е|у . е ."),
    (S::Money(&EUR), "€|eur|euro|euros|يورو|евро"),
    (S::Money(&POUND), "£|pound|pounds|quid|фунт*"),
    (S::Money(&GBP), "gbp|جنيه استرليني|باوند|british pound*|pounds sterling"),
    (S::Money(&GUINEA), "جنيه|جنيهات|جنيها|geneh|genih|gneh"),
    (
        S::Money(&EGP),
        "egp|le|l . e|l . e .|e £|ج . م|ج م|egyptian pound*|جنيه مصري|египетск* фунт*",
    ),
    (S::Money(&SDG), "sdg|جنيه سوداني"),
    (S::Money(&LIRA), "lira|liras|lire|ليره|ليرات|лир|лира|лиры|лирах"),
    (
        S::Money(&LBP),
        "lbp|ll|l . l|l . l .|ل . ل|ل ل|ليره لبنانيه|ليره لبناني|lebanese lira*|lebanese pound*|ливанск* фунт*",
    ),
    (
        S::Money(&SYP),
        "syp|ل . س|ل س|ليره سوريه|ليره سوري|syrian pound*|syrian lira*|сирииск* фунт*",
    ),
    (S::Money(&TRY), "₺|try|tl|ليره تركيه|ليره تركي|turkish lira*|турецк* лир*"),
    (
        S::Money(&RUB),
        "₽|rub|rubs|rur|ruble|rubles|rouble|roubles|руб|руб .|рубл*|рубасов|р|р .|روبل|rubley",
    ),
    (S::Money(&KZT), "₸|kzt|tenge|тенге|тг|тг ."),
    (S::Money(&UZS), "uzs|sum|soum|сум|сума|сумов"),
    (S::Money(&KGS), "kgs som|kgs soms|сом|сомов|сома"),
    (S::Money(&MANAT), "manat|manats|₼|azn|манат*"),
    (S::Money(&UAH), "uah|₴|hryvnia*|грн|грн .|гривен|гривна|гривны|гривень"),
    (S::Money(&BYN), "byn|бел . руб|белорусск* рубл*"),
    (S::Money(&GEL), "gel|₾|лари"),
    (S::Money(&AMD), "amd|драм|драмов"),
    (S::Money(&CNY), "cny|rmb|yuan|юан*"),
    (S::Money(&RUPEE), "₹|rupee|rupees|rs|rs .|روبيه|рупи*"),
    (S::Money(&INR), "inr"),
    (S::Money(&PKR), "pkr"),
];

pub(super) const CUES: Rows = &[
    (
        S::Pay,
        "paid|pd|amt|over by|bdgt|budgeted|payed|pay|pays|paying|payment|payments|repaid|cost|costs|costed|costing|spent|spend|spends|spending|price|priced|prices|charge|charged|charges|fee|fees|budget|expense|expenses|expens|petty cash|advance|deposit|transfer|transfered|transferred|owe|owes|owed|owing|salary|salaries|wages|quote|quoted|quotation|cash|amount|sum of|invoiced|billed|reimburse*|settled|due amount|over budget|worth|fine of|penalty|penalties",
    ),
    (
        S::Pay,
        "دفع|دفعت*|دفعنا*|دفعو|دفعوا|دافع|دافعين|مدفوع|مدفوعه|بدفع|يدفع|ندفع|تدفع|ادفع|اندفع|تم دفع|دفعه|دفعات|صرف|صرفت*|صرفنا*|صرفوا|انصرف|مصروف|مصاريف|مصروفات|كلف|كلفت*|كلفنا*|كلفتنا|كلفني|كلفتني|تكلف|بكلف|بتكلف|تكلفه|كلفه|تكاليف|سعر|سعره|سعرها|اسعار|ثمن|مبلغ|مطالبه|مطالبات|اغلي|المبلغ|قيمه|بقيمه|قيمته|ميزانيه|موازنه|سلفه|عربون|مقدم|تحويل|حولت|حولنا|راتب|رواتب|اجره|اجار|ايجار|كاش|نقدا|نقدي|سددت*|سددنا*|سدد|سداد|حساب|غرامه|مستحق|مستحقات|بلغت|خساره",
    ),
    (
        S::Pay,
        "dafa3t|dafa3na|dafa3|dafa3et|dfa3na|dfa3t|daf3t|saraft|sarafna|sarafet|kallaf|kallafet|kalafet|taklefa|se3r|se3ro",
    ),
    (
        S::Pay,
        "заплат*|оплат*|доплат*|выплат*|переплат*|проплат*|расчет*|рассчита*|подотчет*|уплат*|плат|плачу|платим|платили|платил|платеж*|потрат*|трат*|стоим*|стоит|стоил*|цена|цены|цену|ценои|ценник|бюджет*|аванс*|предоплат*|перевел*|перевод*|перечисл*|расход*|смет*|зарплат*|сумм*|долг|обошл*|обоид*|отдал*|выдал*|нал|наличн*|счет на|штраф*|перерасход*|затрат*|выставил*|скинул*|налом",
    ),
    (
        S::Buy,
        "bought|buy|buying|purchase|purchased|purchases|procured|invoice|invoices|bill|bills|receipt|receipts|voucher|ordered for|rent|rented|hire|hired|اشتريت|اشترينا*|اشتري|اشتروا|شرينا|شريت|شرا|نشتري|مشتريات|جبنا|فاتوره|فواتير|وصل قبض|ايصال|استاجرنا|eshtarena|shtarena|eshtaret|shtaret|fatora|fatoura|купил*|купи|закуп*|покуп*|приобрел*|взяли|счет|счета|накладн*|чек|чеки|аренд*",
    ),
    (S::Total, "total|totals|totalling|sum|balance|المجموع|الاجمالي|اجمالي|مجموع|итого|всего"),
    (
        S::MaybePay,
        "gave|given|lend|lent|loan|settled|release|relese|released|short|overrun|estimate|estimated|اعطيت|عطيت|عطينا|سلمت|ندين|دين|ديون|должны|должен|должна|роздал*|раздал*|забрал*|деньги|денег|возврат|возвращ*|вернул*|взял*|недостач*|превышен*|удорожан*|дорож*",
    ),
    (
        S::AfterAmount,
        "monthly|daily|weekly|for|on|to|from|in|at|by|and|with|as|only|cash|total|totally|extra|more|per|each|via|against|already|so|but|or|this|last|yesterday|today|tomorrow|net|plus|out|of|over|was|is|all|still|vs|instead|left|remaining|it|because|including|excluding|incl|excl|vat|w|b|la|3 ala|min|men|mn",
    ),
    (
        S::AfterAmount,
        "شامله|شاملا|شهريا|يوميا|سنويا|في|علي|ل|لل|من|عن|مع|عشان|علشان|حق|حقت|حقوق|ثمن|تمن|كاش|نقد|نقدا|اليوم|امبارح|مبارح|امس|بس|فقط|و|او|لكن|يعني|تقريبا|لحد|الي|اجره|اجار|سلفه|عربون|مقابل|بدل|كمان|غير|شامل|لصالح|كامل|كامله|زياده|بين",
    ),
    (
        S::AfterAmount,
        "ежемесячно|потом|затем|на|за|для|от|из|в|во|по|и|или|с|со|к|но|наличными|налом|нал|всего|итого|вчера|сегодня|завтра|уже|еще|только|аванс*|предоплат*|без|не|тогда|вместо|это|плюс|сверху|каждому|бригаде|рабочим|мастеру|поставщику|водителю|крановщику",
    ),
];
