//! Numbers in words.

use crate::entity::dictionary::Rows;
use crate::entity::sense::Sense as S;

pub(super) const ROWS: Rows = &[
    (S::Number(0), "zero|صفر|ноль"),
    (S::Number(1), "one|واحد|واحده|wa7ad|wahad|wahed|один|одна|одну|одно|одного|однои"),
    (
        S::Number(2),
        "two|اثنين|اتنين|تنين|ثنين|اثنان|اثنتين|ثنتين|تنتين|2 tnen|tnen|etnen|ithnain|два|две|двух|двумя|двум",
    ),
    (
        S::Number(3),
        "three|ثلاثه|ثلاث|تلاته|تلات|تلت|تلاتي|tlata|tlateh|talata|thalatha|tlat|три|трех|трем|тремя",
    ),
    (S::Number(4), "four|اربعه|اربع|arba3a|arb3a|arba3|arbaa|4 arba3a|четыре|четырех|четырьмя"),
    (
        S::Number(5),
        "five|خمسه|خمس|5 amsa|5 amseh|5 amse|5 ams|khamsa|khamse|khams|5amsa|пять|пяти|пятью",
    ),
    (S::Number(6), "six|سته|ست|setta|sitta|sitte|шесть|шести|шестью"),
    (S::Number(7), "seven|سبعه|سبع|sab3a|sab3|saba3|семь|семи|семью"),
    (
        S::Number(8),
        "eight|ثمانيه|تمانيه|ثمان|ثماني|تمن|تمان|تماني|tmanya|tmaniye|tamanya|восемь|восьми",
    ),
    (S::Number(9), "nine|تسعه|تسع|tis3a|tes3a|tis3|девять|девяти"),
    (S::Number(10), "ten|عشره|عشر|3 ashra|3 ashara|3 ashr|3 ashar|ashra|десять|десяти|десятью"),
    (
        S::Number(11),
        "eleven|احدعش|احداعش|حداعش|حداشر|احدي عشر|احد عشر|احدي عشره|احدا عشر|7 da3sh|hda3sh|одиннадцать|одиннадцати",
    ),
    (
        S::Number(12),
        "twelve|اثنعش|اتناشر|اطناشر|اطنعش|اثناعش|اثناعشر|اثنا عشر|اثني عشر|اثنتا عشره|tna3sh|etnashar|двенадцать|двенадцати",
    ),
    (
        S::Number(13),
        "thirteen|تلتاشر|تلاتاشر|تلطعش|ثلطعش|ثلاثعش|ثلاثه عشر|ثلاث عشره|تلتعش|тринадцать|тринадцати",
    ),
    (
        S::Number(14),
        "fourteen|اربعتاشر|اربعطعش|اربعتعش|اربعه عشر|اربع عشره|четырнадцать|четырнадцати",
    ),
    (
        S::Number(15),
        "fifteen|خمستاشر|خمسطعش|خمستعش|خمسه عشر|خمس عشره|5 amsta3sh|khamsta3sh|пятнадцать|пятнадцати",
    ),
    (S::Number(16), "sixteen|ستاشر|سطعش|ستعش|سته عشر|ست عشره|шестнадцать|шестнадцати"),
    (S::Number(17), "seventeen|سبعتاشر|سبعطعش|سبعتعش|سبعه عشر|سبع عشره|семнадцать|семнадцати"),
    (
        S::Number(18),
        "eighteen|تمنتاشر|ثمنطعش|تمنطعش|ثمانيه عشر|ثماني عشره|восемнадцать|восемнадцати",
    ),
    (S::Number(19), "nineteen|تسعتاشر|تسعطعش|تسعتعش|تسعه عشر|تسع عشره|девятнадцать|девятнадцати"),
    (S::Number(20), "twenty|عشرين|عشرون|3 eshrin|3 oshrin|3 ishrin|eshrin|двадцать|двадцати"),
    (S::Number(30), "thirty|ثلاثين|تلاتين|ثلاثون|talatin|tlatin|тридцать|тридцати"),
    (S::Number(40), "forty|fourty|اربعين|اربعون|arb3in|arba3in|сорок|сорока"),
    (S::Number(50), "fifty|خمسين|خمسون|5 amsin|khamsin|khamseen|пятьдесят|пятидесяти"),
    (S::Number(60), "sixty|ستين|ستون|settin|sittin|шестьдесят|шестидесяти"),
    (S::Number(70), "seventy|سبعين|سبعون|sab3in|семьдесят|семидесяти"),
    (S::Number(80), "eighty|ثمانين|تمانين|ثمانون|tmanin|tamanin|восемьдесят|восьмидесяти"),
    (S::Number(90), "ninety|تسعين|تسعون|tes3in|tis3in|девяносто|девяноста"),
    (
        S::Hundreds(100),
        "hundred|hundreds|ميه|مايه|ميت|ميات|miye|miyeh|mit|miya|meyye|сто|ста|сотня|сотню|сотни",
    ),
    (S::Hundreds(200), "ميتين|متين|ميتان|مايتين|مايتان|miten|mitein|двести|двухсот"),
    (S::Hundreds(300), "ثلاثميه|تلتميه|تلاتميه|ثلاثمايه|ثلثميه|триста|трехсот"),
    (S::Hundreds(400), "اربعميه|ربعميه|اربعمايه|четыреста|четырехсот"),
    (S::Hundreds(500), "خمسميه|خمسمايه|khamsmiye|5 amsmiye|5 amsmiyeh|пятьсот|пятисот"),
    (S::Hundreds(600), "ستميه|ستمايه|шестьсот|шестисот"),
    (S::Hundreds(700), "سبعميه|سبعمايه|семьсот|семисот"),
    (S::Hundreds(800), "ثمانميه|تمنميه|تمانميه|ثمنميه|ثمانمايه|восемьсот|восьмисот"),
    (S::Hundreds(900), "تسعميه|تسعمايه|девятьсот|девятисот"),
    (
        S::Scale(3),
        "thousand|thousands|thousnd|الف|الاف|تلاف|alf|alaf|alaaf|2 alf|тыс|тыс .|тыщ*|тысч|т . р|тр|тысяч*",
    ),
    (
        S::Scale(6),
        "million|millions|milion|mn|mln|mio|مليون|ملايين|melyon|malyon|milyon|mlyon|млн|млн .|миллион*|лям*",
    ),
    (S::Scale(9), "billion|billions|bn|مليار|مليارات|млрд|млрд .|миллиард*"),
    (S::TwoScale(3), "الفين|الفان|alfen|alfein|alfain"),
    (S::TwoScale(6), "مليونين|مليونان|melyonen|milyonen"),
    (S::TwoScale(9), "مليارين"),
    (S::HalfScale(3), "полтысячи"),
    (S::HalfScale(6), "полмиллиона|полляма"),
    (S::HalfScale(9), "полмиллиарда"),
    (S::Half, "half|نص|نصف|nos|noss|nuss|½|половина|половину|половины|пол"),
    (S::Quarter, "quarter|¼|ربع|rob3|четверть|четверти"),
    (S::OneAndHalf, "полтора|полторы|полутора"),
    (S::AndHalf, "and a half|and half|& half|ونص|ونصف|و نص|و نصف|wnos|w nos|w noss|с половинои"),
    (S::AndQuarter, "and a quarter|and quarter|وربع|و ربع|с четвертью"),
    (S::Couple, "couple of|couple|pair of|пару|пара"),
    (S::Dozen, "dozen|dozens|دزينه|درزن|дюжин*"),
    (
        S::HalfDone,
        "half done|half finished|half complete|half completed|half ready|half way done|half way through|halfway done|halfway through|half of the work is done|finished half|completed half|done half|خلصنا نص|خلصت نص|خلص نص|خلصوا نص|نص الشغل|نصف الشغل|نص العمل|نصف العمل|انجزنا نصف|انهينا نصف|наполовину|на половину|сделали половину|закончили половину|выполнили половину|сделана половина|половина готова|половина сделана|половина работ",
    ),
    (S::And, "and|&|و|w|и"),
    (S::Article, "a|an|the"),
    (S::Minus, "minus|ناقص|минус"),
    (S::To, "to|till|until|-|~|or|up to|الي|ل|حتي|لحد|لغايه|او|до|по|или"),
];
