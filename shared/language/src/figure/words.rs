//! Multipliers, units and the currencies of the region.

use std::sync::LazyLock;

use domain::Currency;

use crate::vocabulary::Vocabulary;

/// A name of money.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// What it means unless the hint says otherwise.
    usual: Option<&'static str>,
    /// What else carries the name.
    also: &'static [&'static str],
}

impl Name {
    /// The currency meant, given the one expected.
    pub(super) fn resolve(self, hint: Option<Currency>) -> Option<Currency> {
        let hinted = hint.filter(|hint| self.also.contains(&hint.code()));
        hinted.or_else(|| self.usual.and_then(|code| code.parse().ok()))
    }
}

const fn only(code: &'static str) -> Name {
    Name { usual: Some(code), also: &[] }
}

pub(super) static CURRENCIES: LazyLock<Vocabulary<Name>> =
    LazyLock::new(|| Vocabulary::new(&[MONEY]));
pub(super) static MULTIPLIERS: LazyLock<Vocabulary<i64>> =
    LazyLock::new(|| Vocabulary::new(&[FACTORS]));
pub(super) static UNITS: LazyLock<Vocabulary<&'static str>> =
    LazyLock::new(|| Vocabulary::new(&[MEASURES]));
pub(super) static PERCENT: LazyLock<Vocabulary<()>> = LazyLock::new(|| {
    Vocabulary::new(&[&[(
        (),
        "%|percent|per cent|pct|بالمية|بالمئة|بالمائة|في المية|في المئة|في المائة|процент*",
    )]])
});

const DINARS: &[&str] = &["KWD", "JOD", "BHD", "IQD", "LYD", "TND", "DZD"];
const RIYALS: &[&str] = &["SAR", "QAR", "OMR", "YER"];

const MONEY: &[(Name, &str)] = &[
    (Name { usual: Some("AED"), also: &["MAD"] }, "dirham*|درهم|دراهم|дирхам*"),
    (only("AED"), "aed|dhs|dh|dhs .|د . إ|درهم اماراتي"),
    (Name { usual: Some("SAR"), also: RIYALS }, "riyal*|rial*|ريال|ريالات|риал*"),
    (only("SAR"), "sar|sr|ر . س|ريال سعودي|saudi riyal*|﷼"),
    (only("QAR"), "qar|qr|ر . ق|ريال قطري|qatari riyal*"),
    (only("OMR"), "omr|ريال عماني|omani rial*"),
    (Name { usual: None, also: DINARS }, "dinar*|دينار|دنانير|динар*|د ."),
    (only("KWD"), "kwd|kd|د . ك|دينار كويتي|kuwaiti dinar*"),
    (only("JOD"), "jod|jd|jds|دينار أردني|jordanian dinar*"),
    (only("BHD"), "bhd|bd|دينار بحريني|bahraini dinar*"),
    (only("IQD"), "iqd|دينار عراقي|iraqi dinar*"),
    (Name { usual: Some("USD"), also: &["CAD", "AUD"] }, "$|dollar*|دولار|دولارات|доллар*"),
    (only("USD"), "usd|us $|دولار امريكي|us dollar*"),
    (only("EUR"), "€|eur|euro|euros|يورو|евро"),
    (Name { usual: Some("GBP"), also: &["EGP", "LBP", "SYP"] }, "£|pound|pounds|фунт*"),
    (only("GBP"), "gbp|جنيه استرليني"),
    (Name { usual: Some("EGP"), also: &["SDG"] }, "جنيه|جنيهات|جنية"),
    (only("EGP"), "egp|le|ج . م|egyptian pound*|جنيه مصري"),
    (Name { usual: None, also: &["LBP", "SYP", "TRY"] }, "lira|liras|ليرة|ليرات|лир*"),
    (only("LBP"), "lbp|ليرة لبنانية|lebanese lira"),
    (only("SYP"), "syp|ليرة سورية"),
    (only("TRY"), "₺|try|ليرة تركية|турецк* лир*"),
    (only("RUB"), "₽|rub|rur|rubles|ruble|roubles|руб|рубл*|р|روبل|руб ."),
    (only("KZT"), "₸|kzt|тенге"),
    (only("UZS"), "uzs|сум|сумов"),
    (only("INR"), "₹|inr|rupee|rupees"),
    (only("PKR"), "pkr"),
];

const FACTORS: &[(i64, &str)] = &[
    (1_000, "k|thousand|thousands|ألف|آلاف|الف|الاف|тыс|тыс .|тысяч*|к"),
    (1_000_000, "million|millions|mn|mln|مليون|ملايين|млн|млн .|миллион*"),
    (1_000_000_000, "billion|billions|bn|مليار|млрд|миллиард*"),
];

const MEASURES: &[(&str, &str)] = &[
    ("mm", "mm|millimet*|مم|ملم|мм"),
    ("cm", "cm|centimet*|سم|см"),
    ("m", "m|meter|meters|metre|metres|lm|م|متر|أمتار|متر طولي|м|метр*|пог . м|п . м"),
    ("km", "km|kilomet*|كم|كيلومتر|км"),
    (
        "m2",
        "m2|sqm|sq . m|sq m|square meter*|square metre*|متر مربع|م2|м2|кв . м|кв м|кв . метр*|квадрат*",
    ),
    (
        "m3",
        "m3|cbm|cu . m|cubic meter*|cubic metre*|cubes|متر مكعب|مكعب|م3|м3|куб|куба|кубов|кубометр*|куб . м|кубически*",
    ),
    ("kg", "kg|kgs|kilo|kilos|kilogram*|كيلو|كجم|كغ|كيلوغرام|кг|килограмм*"),
    ("t", "t|ton|tons|tonne|tonnes|mt|طن|أطنان|т|тонн*"),
    ("l", "l|liter*|litre*|لتر|ليتر|литр*|л"),
    ("bag", "bag|bags|sack|sacks|كيس|أكياس|شيكارة|شكاير|мешк*|мешок"),
    ("pcs", "pcs|pc|piece|pieces|nos|ea|units|قطعة|قطع|حبة|حبات|шт|штук*"),
    ("roll", "roll|rolls|رول|رولات|لفة|لفات|рулон*"),
    ("truck", "truck|trucks|truckload*|load|loads|شاحنة|شاحنات|سيارة|سيارات|قلاب|машин*|миксер*"),
    ("pallet", "pallet|pallets|طبلية|طبالي|باليت|поддон*|паллет*"),
    ("box", "box|boxes|carton|cartons|كرتون|كراتين|صندوق|صناديق|ящик*|короб*|упаков*"),
    ("sheet", "sheet|sheets|board|boards|لوح|ألواح|лист|листа|листов"),
    (
        "person",
        "worker|workers|labourers|laborers|labour|men|people|persons|masons|carpenters|helpers|electricians|plumbers|painters|steel fixers|عامل|عمال|شغيل|شخص|أشخاص|نجار|نجارين|حداد|حدادين|рабоч*|человек|людей|монтажник*|каменщик*|сварщик*|арматурщик*|плотник*",
    ),
];
