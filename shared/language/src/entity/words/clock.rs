//! Times of day and lengths of time.

use crate::entity::dictionary::Rows;
use crate::entity::sense::Sense as S;

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;
const MONTH: u32 = 30 * DAY;
const YEAR: u32 = 365 * DAY;

pub(super) const ROWS: Rows = &[
    (S::TimeCue, "at|@|الساعه|عالساعه|ساعه|the hour|el sa3a|elsa3a|essa3a|alsa3a|в|во"),
    (
        S::MaybeTimeCue,
        "by|from|until|till|before|after|around|about|between|to|since|starting|starts|من|قبل|بعد|لحد|الي|ل|حتي|حوالي|لل|ع|علي|к|до|с|после|около|примерно в",
    ),
    (S::Clock, "o'clock|oclock|o clock|hrs sharp|sharp|часов|часа|час|ч|تماما"),
    (
        S::Morning,
        "am|a . m|a . m .|in the morning|this morning|morning|صباحا|الصبح|صباح|الصباح|ص|فجرا|الفجر|el sobo7|elsobh|el sob7|sobo7|sob7|el fajr|fajr|elfajr|утра|утром",
    ),
    (
        S::Afternoon,
        "pm|p . m|p . m .|in the afternoon|this afternoon|afternoon|in the evening|evening|مسا|المسا|م|العصر|عصرا|الظهر|ظهرا|بعد الظهر|المغرب|العشا|el 3 asr|3 asr|el doher|el masa|вечера|вечером|дня|пополудни",
    ),
    (S::Night, "at night|tonight|بالليل|ليلا|الليل|в ночь|ночи|ночью"),
    (S::Noon, "noon|midday|at noon|полдень|полудня|полудню|в обед"),
    (S::Midnight, "midnight|منتصف الليل|полночь|полуночи"),
    (S::HalfTo, "половина|половине|половину|пол"),
    (S::HalfPast, "half past|half"),
    (S::QuarterPast, "quarter past|quarter after"),
    (S::QuarterTo, "quarter to|quarter till|без четверти"),
    (S::Minutes(1), "minute|minutes|min|mins|minuts|دقيقه|دقايق|da2i2a|da2aye2|минут*|мин|мин ."),
    (
        S::Minutes(HOUR),
        "hour|hours|hr|hrs|h|houre|ساعه|ساعات|sa3a|sa3at|sa3aat|chasa|chasov|час|часа|часов|часик*|ч|ч .",
    ),
    (
        S::Minutes(DAY),
        "day|days|dys|working day|working days|calendar days|business days|d|يوم|ايام|يوما|تيام|ayam|eyyam|youm|yom|день|дня|днеи|дню|днях|сутки|суток|раб . дн*|рабочих дн*|календарн* дн*|дн|дн .|денек|деньков",
    ),
    (S::Minutes(WEEK), "week|weeks|wk|wks|اسبوع|اسابيع|esbo3|asabi3|osboo3|недел*|нед|нед ."),
    (
        S::Minutes(MONTH),
        "month|months|mths|شهر|شهور|اشهر|shaher|shhour|месяц|месяца|месяцев|мес|мес .",
    ),
    (S::Minutes(YEAR), "year|years|yrs|سنه|سنوات|سنين|год|года|лет"),
    (
        S::SomeMinutes(30),
        "half an hour|half hour|half a hour|نص ساعه|نصف ساعه|nos sa3a|noss sa3a|полчаса|пол часа|получас*",
    ),
    (
        S::SomeMinutes(15),
        "quarter of an hour|quarter hour|ربع ساعه|rob3 sa3a|четверть часа|четверти часа",
    ),
    (S::SomeMinutes(45), "three quarters of an hour|ساعه الا ربع"),
    (S::SomeMinutes(HOUR), "an hour|one hour"),
    (
        S::SomeMinutes(HOUR + 30),
        "hour and a half|an hour and a half|hour and half|an hour and half|ساعه ونص|ساعه ونصف|ساعه و نص|sa3a w nos|sa3a wnos|полтора часа|часа полтора",
    ),
    (S::SomeMinutes(2 * HOUR + 30), "ساعتين ونص|ساعتين ونصف|sa3ten w nos"),
    (
        S::SomeMinutes(2 * HOUR),
        "ساعتين|ساعتان|sa3ten|sa3tein|couple of hours|a couple of hours|пару часов|пара часов",
    ),
    (S::SomeMinutes(2), "دقيقتين"),
    (S::SomeMinutes(DAY / 2), "half a day|half day|نص يوم|نصف يوم|полдня|пол дня"),
    (S::SomeMinutes(DAY), "one day|a full day|full day|whole day|يوم واحد|يوم كامل"),
    (
        S::SomeMinutes(2 * DAY),
        "يومين|يومان|yomen|yawmen|youmen|couple of days|a couple of days|couple days|пару днеи|пара днеи|двое суток|парочку днеи",
    ),
    (
        S::SomeMinutes(DAY + DAY / 2),
        "day and a half|a day and a half|يوم ونص|يوم ونصف|полтора дня|полтора суток|полутора суток",
    ),
    (S::SomeMinutes(2 * DAY + DAY / 2), "يومين ونص|youmen w nos"),
    (S::SomeMinutes(2 * MONTH + MONTH / 2), "شهرين ونص|شهرين ونصف"),
    (S::SomeMinutes(2 * WEEK + WEEK / 2), "اسبوعين ونص|اسبوعين ونصف"),
    (
        S::SomeMinutes(2 * WEEK),
        "اسبوعين|esbo3en|fortnight|a fortnight|couple of weeks|a couple of weeks|пару недель|пара недель",
    ),
    (S::SomeMinutes(WEEK + WEEK / 2), "week and a half|a week and a half|اسبوع ونص|полторы недели"),
    (S::SomeMinutes(2 * MONTH), "شهرين|shahren|couple of months|пару месяцев"),
    (S::SomeMinutes(MONTH + MONTH / 2), "month and a half|شهر ونص|полтора месяца"),
    (S::SomeMinutes(MONTH / 2), "half a month|نص شهر|полмесяца"),
    (S::SomeMinutes(2 * YEAR), "سنتين"),
];
