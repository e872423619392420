//! The words of the grammars, a file for each field.

mod calendar;
mod clock;
mod money;
mod name;
mod number;
mod place;
mod unit;

use super::dictionary::Rows;

pub(super) const ALL: [Rows; 8] = [
    number::ROWS,
    money::ROWS,
    money::CUES,
    unit::ROWS,
    calendar::ROWS,
    clock::ROWS,
    place::ROWS,
    name::ROWS,
];
