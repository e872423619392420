//! The part of an XML file that is read, as a tree.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::exchange::{Account, ImportError};

/// Deepest nesting: MS Project's own is below ten.
const MOST_DEPTH: usize = 32;
/// Most elements that are kept: more than the largest plan has.
const MOST_ELEMENTS: usize = 12_000_000;
/// Longest text of an element.
const MOST_TEXT: usize = 65_536;

/// Elements that are read. Of others the number is reported.
const KEPT: [&str; 101] = [
    "Active",
    "ActualFinish",
    "ActualStart",
    "Alias",
    "Assignment",
    "Assignments",
    "AvailabilityPeriod",
    "AvailabilityPeriods",
    "AvailableFrom",
    "AvailableTo",
    "AvailableUnits",
    "BaseCalendarUID",
    "Baseline",
    "Calendar",
    "CalendarUID",
    "Calendars",
    "ConstraintDate",
    "ConstraintType",
    "Critical",
    "CriticalSlackLimit",
    "CrossProject",
    "DayType",
    "DayWorking",
    "DaysOfWeek",
    "Deadline",
    "Duration",
    "DurationFormat",
    "EarlyFinish",
    "EarlyStart",
    "EnteredByOccurrences",
    "Exception",
    "Exceptions",
    "ExtendedAttribute",
    "ExtendedAttributes",
    "ExternalTask",
    "FieldID",
    "Finish",
    "FinishSlack",
    "FreeSlack",
    "FromDate",
    "FromTime",
    "HonorConstraints",
    "ID",
    "IgnoreResourceCalendar",
    "IsBaseCalendar",
    "IsNull",
    "IsSubproject",
    "LagFormat",
    "LateFinish",
    "LateStart",
    "LevelingDelay",
    "LinkLag",
    "Manual",
    "ManualStart",
    "MaxUnits",
    "Milestone",
    "MinutesPerDay",
    "Month",
    "MonthDay",
    "MonthItem",
    "MonthPosition",
    "Name",
    "Number",
    "Occurrences",
    "OutlineLevel",
    "PercentComplete",
    "Period",
    "PredecessorLink",
    "PredecessorUID",
    "Project",
    "RemainingDuration",
    "Resource",
    "ResourceUID",
    "Resources",
    "Resume",
    "ScheduleFromStart",
    "Start",
    "StartDate",
    "StartSlack",
    "StatusDate",
    "Stop",
    "Summary",
    "Task",
    "TaskUID",
    "Tasks",
    "TimePeriod",
    "Title",
    "ToDate",
    "ToTime",
    "TotalSlack",
    "Type",
    "UID",
    "Units",
    "Value",
    "WBS",
    "WeekDay",
    "WeekDays",
    "WorkWeek",
    "WorkWeeks",
    "WorkingTime",
    "WorkingTimes",
];

/// An element without its attributes, which MS Project does not use.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// From 1: where it starts, or where its start tag ends.
    pub(super) line: usize,
    text: String,
    children: Vec<Element>,
}

/// Where the reading of a file stands.
struct Tree<'a, 'b> {
    text: &'a str,
    account: &'b mut Account,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    /// How deep inside an element that is not kept.
    skipped_depth: usize,
    skipped: BTreeMap<String, (usize, usize)>,
    line: usize,
    counted_to: usize,
}

pub(super) fn read(text: &str, account: &mut Account) -> Result<Element, ImportError> {
    let mut reader = Reader::from_str(text);
    let mut tree = Tree {
        text,
        account,
        open: Vec::new(),
        root: None,
        elements: 0,
        skipped_depth: 0,
        skipped: BTreeMap::new(),
        line: 1,
        counted_to: 0,
    };
    loop {
        let event = reader.read_event();
        tree.count_lines(usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
        let event = event.map_err(|error| tree.error(&error.to_string()))?;
        if tree.take(event)? {
            return tree.finish();
        }
    }
}

impl Tree<'_, '_> {
    /// Takes an event in; true at the end of the file.
    fn take(&mut self, event: Event<'_>) -> Result<bool, ImportError> {
        match event {
            Event::Start(start) => self.open(start.local_name().as_ref())?,
            Event::End(_) => self.close(),
            Event::Empty(start) => {
                self.open(start.local_name().as_ref())?;
                self.close();
            }
            Event::Text(text) => self.add(&text.xml10_content())?,
            Event::CData(text) => self.add(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let character = self.character(&reference)?;
                self.add(character.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => {
                return Err(self.error("a document type is not accepted: it can define entities"));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Ok(true),
        }
        Ok(false)
    }

    fn open(&mut self, name: &str) -> Result<(), ImportError> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            let (line, what) = (self.line, "elements");
            return Err(ImportError::Limit { line, what, most: MOST_ELEMENTS });
        }
        if self.open.len() + self.skipped_depth >= MOST_DEPTH {
            return Err(ImportError::Limit { line: self.line, what: "levels", most: MOST_DEPTH });
        }
        let is_kept = self.open.is_empty() || KEPT.contains(&name);
        if self.skipped_depth > 0 || !is_kept {
            if self.skipped_depth == 0 {
                let line = self.line;
                self.skipped.entry(name.to_owned()).or_insert((line, 0)).1 += 1;
            }
            self.skipped_depth += 1;
            return Ok(());
        }
        if self.root.is_some() {
            return Err(self.error("a second root element"));
        }
        let (name, line) = (name.to_owned(), self.line);
        self.open.push(Element { name, line, ..Element::default() });
        Ok(())
    }

    fn close(&mut self) {
        if self.skipped_depth > 0 {
            self.skipped_depth -= 1;
            return;
        }
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn add(&mut self, text: &str) -> Result<(), ImportError> {
        if self.skipped_depth > 0 {
            return Ok(());
        }
        let line = self.line;
        let Some(element) = self.open.last_mut() else { return Ok(()) };
        if element.text.len() + text.len() > MOST_TEXT {
            return Err(ImportError::Limit { line, what: "bytes of text", most: MOST_TEXT });
        }
        element.text.push_str(text);
        Ok(())
    }

    fn character(&self, reference: &BytesRef<'_>) -> Result<char, ImportError> {
        let by_number =
            reference.resolve_char_ref().map_err(|error| self.error(&error.to_string()));
        if let Some(character) = by_number? {
            return Ok(character);
        }
        match reference.xml10_content().as_ref() {
            "amp" => Ok('&'),
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "quot" => Ok('"'),
            "apos" => Ok('\''),
            other => Err(self.error(&format!("the entity `{other}` is not known"))),
        }
    }

    fn count_lines(&mut self, to: usize) {
        let read = self.text.get(self.counted_to..to).unwrap_or_default();
        self.line += read.matches('\n').count();
        self.counted_to = to.max(self.counted_to);
    }

    fn finish(self) -> Result<Element, ImportError> {
        if let Some(open) = self.open.last() {
            return Err(ImportError::malformed(open.line, open.name.as_str(), "is not closed"));
        }
        for (name, (line, count)) in &self.skipped {
            self.account.skipped_rows(*line, *count, name);
        }
        self.root.ok_or_else(|| ImportError::WrongFormat {
            expected: "an MS Project file",
            reason: "there is no element".to_owned(),
        })
    }

    fn error(&self, reason: &str) -> ImportError {
        let field = self.open.last().map_or("XML", |element| element.name.as_str());
        ImportError::malformed(self.line, field, reason)
    }
}

impl Element {
    pub(super) fn children(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children(name).next()
    }

    /// The items of a list: `Tasks`, `Task`.
    pub(super) fn list(&self, list: &str, item: &str) -> impl Iterator<Item = &Self> {
        self.children(list).flat_map(move |list| list.children(item))
    }

    /// The text of a child, empty when there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    pub(super) fn error(&self, field: &str, reason: &str) -> ImportError {
        let line = self.child(field).map_or(self.line, |child| child.line);
        ImportError::malformed(line, format!("{}.{field}", self.name), reason)
    }
}
