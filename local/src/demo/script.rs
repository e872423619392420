//! The day: who writes what, wave by wave. Inside a wave people write at the same time, each
//! person in order.

/// A place in the company's list of people; the last is the unknown caller.
pub(super) type Who = usize;

const FOREMAN: Who = 0;
const ENGINEER: Who = 1;
const MANAGER: Who = 2;
const OFFICE: Who = 3;
const OWNER: Who = 4;
const STRANGER: Who = 5;

/// Messages of the morning that Meta sends again when SQS has forgotten them.
pub(super) const REPEATED_LATE: usize = 4;

/// What somebody does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Does {
    Says(&'static str),
    /// Taps a button of the last question asked of them, counted from 0.
    Taps(usize),
    Shows {
        caption: &'static str,
    },
    SharesPlace,
}

/// How often Meta posts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posted {
    Once,
    TwiceInARow,
    TwiceAtOnce,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) who: Who,
    pub(super) does: Does,
    pub(super) posted: Posted,
}

const fn says(who: Who, text: &'static str) -> Line {
    Line { who, does: Does::Says(text), posted: Posted::Once }
}

const fn taps(who: Who, button: usize) -> Line {
    Line { who, does: Does::Taps(button), posted: Posted::Once }
}

const fn posted(posted: Posted, line: Line) -> Line {
    Line { posted, ..line }
}

pub(super) const DAY: &[&[Line]] = &[
    &[says(FOREMAN, "good morning"), says(ENGINEER, "доброе утро"), says(OFFICE, "صباح الخير")],
    &[
        posted(
            Posted::TwiceInARow,
            says(
                FOREMAN,
                "please add a task: fix the waterproofing on roof block C before thursday",
            ),
        ),
        says(FOREMAN, "paid 1,450 AED for cement and sand today"),
        says(ENGINEER, "добавь задачу: проверить давление в стояках блока Б до пятницы"),
        says(OFFICE, "دفعت ٢٣٠٠ درهم ثمن حديد تسليح اليوم"),
        says(MANAGER, "what is the status of the project?"),
    ],
    &[taps(FOREMAN, 0), taps(OFFICE, 0)],
    &[
        says(FOREMAN, "water leaking in the basement near the pump room, urgent"),
        posted(Posted::TwiceAtOnce, says(ENGINEER, "потратили 3200 дирхам на крепёж")),
        says(MANAGER, "add a task: call the curtain wall supplier tomorrow"),
        says(OFFICE, "يوجد تأخير في توريد الرخام، المورد لم يصل"),
    ],
    &[taps(ENGINEER, 2), taps(MANAGER, 0)],
    &[
        says(FOREMAN, "level 7 slab is 80% done"),
        says(ENGINEER, "трещина в колонне на третьем этаже, нужна проверка"),
        says(OFFICE, "ما هو وضع المشروع؟"),
        posted(Posted::TwiceAtOnce, says(STRANGER, "hello, do you deliver sand?")),
    ],
    &[
        Line {
            who: FOREMAN,
            does: Does::Shows { caption: "crack in column B4, please have a look" },
            posted: Posted::Once,
        },
        Line { who: FOREMAN, does: Does::SharesPlace, posted: Posted::Once },
        says(OWNER, "how much have we spent so far?"),
        says(ENGINEER, "какой статус проекта?"),
    ],
    &[
        says(FOREMAN, "the fire doors on level 3 are finished"),
        says(ENGINEER, "спасибо"),
        says(OFFICE, "شكرا"),
    ],
];
