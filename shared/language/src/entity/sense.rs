//! What a word or phrase may mean to the grammars.

use jiff::civil::Weekday;

/// A word may have several senses; each grammar asks for those it understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// A number word below a hundred: 7, 15, 40.
    Number(u8),
    /// A word for hundreds: `пятьсот`, `خمسمية`; one hundred also multiplies.
    Hundreds(u16),
    /// A power of ten: thousand 3, million 6, billion 9.
    Scale(u8),
    /// Two of a power of ten in one word: `ألفين`, `مليونين`.
    TwoScale(u8),
    /// Half a power of ten in one word: `полмиллиона`.
    HalfScale(u8),
    Half,
    Quarter,
    OneAndHalf,
    AndHalf,
    AndQuarter,
    /// "a couple of".
    Couple,
    Dozen,
    /// Joins the parts of a number.
    And,
    Article,
    Minus,
    /// Between the ends of a range.
    To,

    Money(&'static Coin),
    /// A canonical unit.
    Unit(&'static str),
    /// Two of a unit in one word: `كيسين`.
    TwoUnit(&'static str),
    /// Half a unit in one word: `полтонны`.
    HalfUnit(&'static str),
    /// Things counted in pieces.
    Piece,
    Percent,
    /// Half of some work is done.
    HalfDone,
    /// The message speaks of paying, so a number without a unit is money.
    Pay,
    /// The same, but what follows may be a number of things: "bought 3 doors".
    Buy,
    /// A sum: of money only where it is large or the message pays.
    Total,
    /// Giving or owing: only thousands are money then.
    MaybePay,
    /// After a bare amount: "500 for diesel".
    AfterAmount,
    /// A number after this is a name: "No. 4512", "tel", "plate".
    Naming,

    /// Days from today.
    Relative(i8),
    Weekday(Weekday),
    /// A short name that is also another word ("sat", "sun"): only where a day is expected.
    Weak(Weekday),
    Month(i8),
    Hijri(u8),
    /// The one of the week after this one.
    Next,
    /// The one that comes first.
    Coming,
    This,
    Last,
    AfterNext,
    Start,
    Middle,
    End,
    /// A period by name: "end of the *week*".
    Day,
    Week,
    MonthWord,
    Year,
    Weekend,
    WeekEnd,
    MonthEnd,
    /// "from now" after a span.
    Later,
    /// Before a range joined by "and".
    Between,
    /// "in", "after" before a span.
    After,
    /// "ago" after a span.
    Ago,
    /// "ago" before a span: `قبل`.
    AgoBefore,
    /// A preposition or a word like "date" before a day.
    DateCue,
    /// A day of the month follows: `يوم ١٥`; or goes before: `15 числа`.
    DayOfMonth,
    /// The ending of an ordinal number: `12th`, `15-го`.
    OrdinalEnding,
    /// An ordinal number from first to thirty-first in a word.
    Ordinal(u8),

    /// A time of day follows: "at", `الساعة`.
    TimeCue,
    /// A time may follow: "by", "from".
    MaybeTimeCue,
    /// "o'clock".
    Clock,
    Morning,
    Afternoon,
    Night,
    Noon,
    Midnight,
    /// `половина восьмого`: half an hour before.
    HalfTo,
    /// "half past".
    HalfPast,
    QuarterPast,
    QuarterTo,
    /// A length of time.
    Minutes(u32),
    /// A count and a length of time in one word: `ساعتين`, "half an hour".
    SomeMinutes(u32),

    /// Followed by a label: block C.
    Place,
    /// A place by itself: the roof.
    NamedPlace,
    /// May stand beside a place: "north wing".
    Side,
    Document,
    /// A document by itself: the BOQ.
    NamedDocument,
    /// A short name in front of a number: "RFI-12".
    DocumentPrefix,
    NumberSign,
    /// A height follows: "el. +3.50".
    Elevation,

    /// Before a person: "Eng.", `أبو`.
    Title,
    /// Makes another person of the name that follows: `أبو`.
    Father,
    SupplierCue,
    ProjectCue,
    /// Says nothing about which supplier or project is meant.
    Common,
    /// Says something about a task, and not which one it is; and words of grammar.
    Passing,
}

/// A name of money.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Coin {
    /// What it means unless the hint says otherwise.
    pub(super) usual: Option<&'static str>,
    /// What else carries the name.
    pub(super) also: &'static [&'static str],
}
