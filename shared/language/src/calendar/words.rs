//! The words of the calendar in three languages.

use std::sync::LazyLock;

use jiff::civil::Weekday;

use crate::vocabulary::Vocabulary;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Days from today.
    Relative(i64),
    Weekday(Weekday),
    Month(i8),
    /// The one of the week after this one.
    Next,
    /// The coming one.
    This,
    Last,
    NextWeek,
    /// "in", "after" before a span.
    After,
    /// "ago" after a span.
    Ago,
    Half {
        pm: bool,
    },
    Span {
        minutes: u32,
    },
    /// A count and a span in one word.
    Two {
        minutes: u32,
    },
}

pub(super) static CALENDAR: LazyLock<Vocabulary<Word>> =
    LazyLock::new(|| Vocabulary::new(&[WORDS]));

const HOUR: u32 = 60;
pub(super) const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;

use Word as W;

const WORDS: &[(Word, &str)] = &[
    (W::Relative(0), "today|today's|tonight|اليوم|النهارده|النهاردة|сегодня"),
    (W::Relative(1), "tomorrow|tmrw|tomorow|tomorrow's|غدا|بكرة|بكرا|بكره|باكر|باجر|غدًا|завтра"),
    (
        W::Relative(2),
        "day after tomorrow|the day after tomorrow|بعد غد|بعد بكرة|بعد بكرا|بعد باكر|послезавтра",
    ),
    (W::Relative(-1), "yesterday|yesterday's|أمس|امبارح|إمبارح|مبارح|البارحة|вчера"),
    (
        W::Relative(-2),
        "day before yesterday|the day before yesterday|أول أمس|اول امبارح|أول مبارح|позавчера",
    ),
    (W::Weekday(Weekday::Monday), "monday|mon|الاثنين|الإثنين|التنين|الاتنين|понедельник*|пн"),
    (
        W::Weekday(Weekday::Tuesday),
        "tuesday|tue|tues|الثلاثاء|ثلاثاء|الثلاثا|التلات|التلاتاء|вторник*|вт",
    ),
    (
        W::Weekday(Weekday::Wednesday),
        "wednesday|weds|الأربعاء|أربعاء|الاربعا|среда|среду|среде|среды|ср",
    ),
    (W::Weekday(Weekday::Thursday), "thursday|thu|thur|thurs|الخميس|خميس|четверг*|чт"),
    (W::Weekday(Weekday::Friday), "friday|fri|الجمعة|جمعة|пятниц*|пт"),
    (W::Weekday(Weekday::Saturday), "saturday|السبت|سبت|суббот*|сб"),
    (W::Weekday(Weekday::Sunday), "sunday|الأحد|воскресень*|вс"),
    (W::Month(1), "january|jan|يناير|كانون الثاني|январ*"),
    (W::Month(2), "february|feb|فبراير|شباط|феврал*"),
    (W::Month(3), "march|mar|مارس|آذار|март|марта|марту|марте"),
    (W::Month(4), "april|apr|أبريل|ابريل|إبريل|نيسان|апрел*"),
    (W::Month(5), "may|مايو|أيار|май|мая|маю"),
    (W::Month(6), "june|jun|يونيو|يونيه|حزيران|июнь|июня|июню"),
    (W::Month(7), "july|jul|يوليو|يوليه|تموز|июль|июля|июлю"),
    (W::Month(8), "august|aug|أغسطس|آب|август*"),
    (W::Month(9), "september|sep|sept|سبتمبر|أيلول|сентябр*"),
    (W::Month(10), "october|oct|أكتوبر|تشرين الأول|октябр*"),
    (W::Month(11), "november|nov|نوفمبر|تشرين الثاني|ноябр*"),
    (W::Month(12), "december|dec|ديسمبر|كانون الأول|декабр*"),
    (W::Next, "next|следующий|следующую|следующее|следующая|следующего|следующей"),
    (
        W::This,
        "this|coming|the coming|القادم|القادمة|الجاي|الجاية|المقبل|المقبلة|الجاي|этот|эту|это|ближайший|ближайшую|этой",
    ),
    (
        W::Last,
        "last|previous|الماضي|الماضية|اللي فات|اللي فاتت|السابق|الفائت|прошлый|прошлую|прошлое|прошлой|прошлого",
    ),
    (
        W::NextWeek,
        "next week|الأسبوع القادم|الاسبوع الجاي|الأسبوع المقبل|на следующей неделе|следующей неделе|следующую неделю",
    ),
    (W::After, "in|after|within|بعد|خلال|через"),
    (W::Ago, "ago|назад"),
    (W::Half { pm: false }, "am|a . m .|صباحا|الصبح|ص|утра"),
    (W::Half { pm: true }, "pm|p . m .|مساء|المسا|العصر|الظهر|عصرا|ظهرا|вечера|пополудни"),
    (W::Span { minutes: 1 }, "minute|minutes|min|mins|دقيقة|دقائق|دقايق|минут*|мин"),
    (W::Span { minutes: HOUR }, "hour|hours|hr|hrs|h|ساعة|ساعات|час|часа|часов|ч"),
    (W::Span { minutes: DAY }, "day|days|working days|يوم|أيام|день|дня|дней|сутки|суток"),
    (W::Span { minutes: WEEK }, "week|weeks|أسبوع|أسابيع|недел*"),
    (W::Two { minutes: 30 }, "half an hour|نص ساعة|نصف ساعة|полчаса"),
    (W::Two { minutes: 2 * HOUR }, "ساعتين"),
    (W::Two { minutes: 2 * DAY }, "يومين"),
    (W::Two { minutes: 2 * WEEK }, "أسبوعين"),
];
