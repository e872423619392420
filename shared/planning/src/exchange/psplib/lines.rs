//! The lines of a file, word by word, each with its number for the messages.

use super::{MOST_FIGURE, Malformed};

/// The labels of the head. The row of a project repeats some.
const LABELS: [&str; 8] = [
    "file with basedata",
    "initial value random generator",
    "projects",
    "jobs",
    "horizon",
    "- renewable",
    "- nonrenewable",
    "- doubly constrained",
];

/// The lines that say something: not empty, not only stars or dashes.
pub(super) struct Lines<'f> {
    rest: Vec<(usize, &'f [u8])>,
    after_last: usize,
}

/// One line, word by word.
pub(super) struct Row<'f> {
    line: usize,
    words: std::vec::IntoIter<&'f str>,
}

/// What stands behind the colon of a labelled line.
pub(super) struct Labelled {
    line: usize,
    pub(super) field: &'static str,
    pub(super) text: String,
}

impl<'f> Lines<'f> {
    pub(super) fn new(bytes: &'f [u8]) -> Self {
        // Files from DOS may end in its mark of the end.
        let bytes = bytes.strip_suffix(b"\x1a").unwrap_or(bytes);
        let lines = || bytes.split(|byte| *byte == b'\n');
        let says = |line: &[u8]| {
            line.iter().any(|byte| !byte.is_ascii_whitespace() && !b"*-".contains(byte))
        };
        let mut rest: Vec<_> = (1..).zip(lines()).filter(|(_, line)| says(line)).collect();
        rest.reverse();
        Self { rest, after_last: lines().count() + usize::from(!bytes.ends_with(b"\n")) }
    }

    pub(super) fn next(&mut self, field: &'static str) -> Result<Row<'f>, Malformed> {
        let (line, bytes) = self.rest.pop().ok_or_else(|| Malformed {
            line: self.after_last,
            field,
            reason: "the file ends before it".into(),
        })?;
        let text = str::from_utf8(bytes).map_err(|_| Malformed {
            line,
            field,
            reason: "not UTF-8 text".into(),
        })?;
        Ok(Row { line, words: text.split_whitespace().collect::<Vec<_>>().into_iter() })
    }

    /// `label ... : text`, in whatever case.
    pub(super) fn labelled(&mut self) -> Result<Labelled, Malformed> {
        // A head of its own line.
        if self.is_at("RESOURCES") {
            self.rest.pop();
        }
        let row = self.next("head of the file")?;
        let line = row.line;
        let all = row.words.collect::<Vec<_>>().join(" ");
        let wrong = |field, reason: String| Malformed { line, field, reason };
        let Some((label, text)) = all.split_once(':') else {
            return Err(wrong("head of the file", format!("no colon in {}", quoted(&all))));
        };
        let Some(field) = LABELS.into_iter().find(|known| begins(label, known)) else {
            return Err(wrong("head of the file", format!("unknown label {}", quoted(label))));
        };
        Ok(Labelled { line, field, text: text.trim().to_owned() })
    }

    /// Whether the next line is this head.
    pub(super) fn is_at(&self, head: &str) -> bool {
        let words = self.rest.last().and_then(|(_, line)| str::from_utf8(line).ok());
        let words = words.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        words.is_some_and(|line| line.trim_end_matches([':', ' ']).eq_ignore_ascii_case(head))
    }

    pub(super) fn missing(&self, field: &'static str) -> Malformed {
        let line = self.rest.last().map_or(self.after_last, |(line, _)| *line);
        Malformed { line, field, reason: "missing before this line".into() }
    }

    pub(super) fn section(&mut self, field: &'static str) -> Result<(), Malformed> {
        if self.is_at(field) {
            self.rest.pop();
            return Ok(());
        }
        let row = self.next(field)?;
        Err(Malformed { line: row.line, field, reason: "expected this section".into() })
    }

    pub(super) fn end(mut self) -> Result<(), Malformed> {
        match self.rest.pop() {
            None => Ok(()),
            Some((line, _)) => {
                let reason = "something follows the last section".into();
                Err(Malformed { line, field: "end of file", reason })
            }
        }
    }
}

fn begins(label: &str, field: &str) -> bool {
    label.get(..field.len()).is_some_and(|start| start.eq_ignore_ascii_case(field))
}

impl Row<'_> {
    pub(super) fn figure(&mut self, field: &'static str) -> Result<u32, Malformed> {
        let word = self.words.next();
        let word = word.ok_or_else(|| self.wrong(field, "the line ends before it".into()))?;
        figure(word).map_err(|reason| self.wrong(field, reason))
    }

    pub(super) fn one(&mut self, field: &'static str) -> Result<(), Malformed> {
        match self.figure(field)? {
            1 => Ok(()),
            modes => Err(self.wrong(field, format!("{modes}: several modes are not supported"))),
        }
    }

    pub(super) fn job(&mut self, field: &'static str, jobs: usize) -> Result<usize, Malformed> {
        let number = self.figure(field)? as usize;
        match number.checked_sub(1).filter(|job| *job < jobs) {
            Some(job) => Ok(job),
            None => Err(self.wrong(field, format!("no job {number} among {jobs}"))),
        }
    }

    pub(super) fn new_job(
        &mut self,
        field: &'static str,
        seen: &mut [bool],
    ) -> Result<usize, Malformed> {
        let job = self.job(field, seen.len())?;
        match seen.get_mut(job) {
            Some(seen) if !*seen => *seen = true,
            _ => {
                let reason = format!("job {} twice; several modes are not supported", job + 1);
                return Err(self.wrong(field, reason));
            }
        }
        Ok(job)
    }

    pub(super) fn end(mut self) -> Result<(), Malformed> {
        match self.words.next() {
            None => Ok(()),
            Some(word) => Err(self.wrong("end of line", format!("{} follows", quoted(word)))),
        }
    }

    pub(super) fn wrong(&self, field: &'static str, reason: String) -> Malformed {
        Malformed { line: self.line, field, reason }
    }
}

impl Labelled {
    pub(super) fn figure(&self) -> Result<u32, Malformed> {
        let word = self.text.split_whitespace().next().unwrap_or_default();
        figure(word).map_err(|reason| self.wrong(reason))
    }

    pub(super) fn limited(&self, most: usize) -> Result<usize, Malformed> {
        match self.figure()? as usize {
            count if count > most => Err(self.wrong(format!("{count}, the most is {most}"))),
            count => Ok(count),
        }
    }

    pub(super) fn counted(&self, wanted: u32, what: &str) -> Result<(), Malformed> {
        match self.figure()? {
            count if count == wanted => Ok(()),
            count => Err(self.wrong(format!("{count}, but only {what} can be read"))),
        }
    }

    pub(super) fn wrong(&self, reason: String) -> Malformed {
        Malformed { line: self.line, field: self.field, reason }
    }
}

fn figure(word: &str) -> Result<u32, String> {
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    match word.parse() {
        Ok(figure) if digits && figure <= MOST_FIGURE => Ok(figure),
        _ => Err(format!("{} is not a whole number up to {MOST_FIGURE}", quoted(word))),
    }
}

/// A word of the file in a message: short, and no control characters.
fn quoted(word: &str) -> String {
    format!("{:?}", word.chars().take(20).collect::<String>())
}
