//! Bytes in, a project out. Spaces, line ends and decoration are free; figures and counts are not.

use super::{
    File, Information, Job, MOST_BYTES, MOST_FIGURE, MOST_JOBS, MOST_RESOURCES, Malformed,
};

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

/// Reads a file.
///
/// # Errors
/// The first line and field that are not what they should be; more than one project, several
/// modes, or resources that are not renewable are refused.
pub fn read(bytes: &[u8]) -> Result<File, Malformed> {
    if bytes.len() > MOST_BYTES {
        let reason = format!("{} bytes, the most is {MOST_BYTES}", bytes.len());
        return Err(Malformed { line: 1, field: "file", reason });
    }
    let mut lines = Lines::new(bytes);
    let (mut file, jobs, resources) = head(&mut lines)?;
    file.jobs = vec![Job::default(); jobs];
    successors(&mut lines, &mut file.jobs)?;
    requests(&mut lines, &mut file.jobs, resources)?;
    lines.section("RESOURCEAVAILABILITIES")?;
    if resources > 0 {
        lines.next("names of resources")?;
        let mut row = lines.next("capacities")?;
        for _ in 0..resources {
            file.capacities.push(row.figure("capacity")?);
        }
        row.end()?;
    }
    lines.end()?;
    Ok(file)
}

/// The labelled lines, in any order; those that only describe may be missing.
fn head(lines: &mut Lines<'_>) -> Result<(File, usize, usize), Malformed> {
    let mut file = File::default();
    let (mut jobs, mut resources) = (None, None);
    while !lines.is_at("PROJECT INFORMATION") && !lines.is_at("PRECEDENCE RELATIONS") {
        let labelled = lines.labelled()?;
        match labelled.field {
            "file with basedata" => file.basedata = labelled.text,
            "initial value random generator" => file.generator_seed = labelled.text,
            "projects" => labelled.counted(1, "one project")?,
            "jobs" => jobs = Some(labelled.limited(MOST_JOBS)?),
            "horizon" => file.horizon = labelled.figure()?,
            "- renewable" => resources = Some(labelled.limited(MOST_RESOURCES)?),
            "- nonrenewable" => labelled.counted(0, "renewable resources")?,
            _ => labelled.counted(0, "simply constrained resources")?,
        }
    }
    let jobs = jobs.ok_or_else(|| lines.missing("jobs"))?;
    let resources = resources.ok_or_else(|| lines.missing("- renewable"))?;
    if lines.is_at("PROJECT INFORMATION") {
        file.information = information(lines)?;
    }
    Ok((file, jobs, resources))
}

fn information(lines: &mut Lines<'_>) -> Result<Information, Malformed> {
    lines.section("PROJECT INFORMATION")?;
    lines.next("heads of columns")?;
    let mut row = lines.next("project information")?;
    row.figure("pronr.")?;
    row.figure("#jobs")?;
    let information = Information {
        release: row.figure("rel.date")?,
        due: row.figure("duedate")?,
        tardiness_cost: row.figure("tardcost")?,
        links_alone: row.figure("MPM-Time")?,
    };
    row.end()?;
    Ok(information)
}

fn successors(lines: &mut Lines<'_>, jobs: &mut [Job]) -> Result<(), Malformed> {
    lines.section("PRECEDENCE RELATIONS")?;
    lines.next("heads of columns")?;
    let mut seen = vec![false; jobs.len()];
    for _ in 0..jobs.len() {
        let mut row = lines.next("precedence relations")?;
        let job = row.new_job("jobnr.", &mut seen)?;
        row.one("#modes")?;
        let count = row.figure("#successors")? as usize;
        if count > jobs.len() {
            return Err(row.wrong("#successors", format!("{count} of {} jobs", jobs.len())));
        }
        let mut after = Vec::with_capacity(count);
        for _ in 0..count {
            let next = row.job("successors", jobs.len())?;
            if after.contains(&next) {
                return Err(row.wrong("successors", format!("job {} twice", next + 1)));
            }
            after.push(next);
        }
        row.end()?;
        if let Some(job) = jobs.get_mut(job) {
            job.successors = after;
        }
    }
    Ok(())
}

fn requests(lines: &mut Lines<'_>, jobs: &mut [Job], resources: usize) -> Result<(), Malformed> {
    lines.section("REQUESTS/DURATIONS")?;
    lines.next("heads of columns")?;
    let mut seen = vec![false; jobs.len()];
    for _ in 0..jobs.len() {
        let mut row = lines.next("requests and durations")?;
        let job = row.new_job("jobnr.", &mut seen)?;
        row.one("mode")?;
        let duration = row.figure("duration")?;
        let mut requests = Vec::with_capacity(resources);
        for _ in 0..resources {
            requests.push(row.figure("request")?);
        }
        row.end()?;
        if let Some(job) = jobs.get_mut(job) {
            job.duration = duration;
            job.requests = requests;
        }
    }
    Ok(())
}

/// The lines that say something: not empty, not only stars or dashes.
struct Lines<'f> {
    rest: Vec<(usize, &'f [u8])>,
    after_last: usize,
}

/// One line, word by word.
struct Row<'f> {
    line: usize,
    words: std::vec::IntoIter<&'f str>,
}

/// What stands behind the colon of a labelled line.
struct Labelled {
    line: usize,
    field: &'static str,
    text: String,
}

impl<'f> Lines<'f> {
    fn new(bytes: &'f [u8]) -> Self {
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

    fn next(&mut self, field: &'static str) -> Result<Row<'f>, Malformed> {
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
    fn labelled(&mut self) -> Result<Labelled, Malformed> {
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
    fn is_at(&self, head: &str) -> bool {
        let words = self.rest.last().and_then(|(_, line)| str::from_utf8(line).ok());
        let words = words.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        words.is_some_and(|line| line.trim_end_matches([':', ' ']).eq_ignore_ascii_case(head))
    }

    fn missing(&self, field: &'static str) -> Malformed {
        let line = self.rest.last().map_or(self.after_last, |(line, _)| *line);
        Malformed { line, field, reason: "missing before this line".into() }
    }

    fn section(&mut self, field: &'static str) -> Result<(), Malformed> {
        if self.is_at(field) {
            self.rest.pop();
            return Ok(());
        }
        let row = self.next(field)?;
        Err(Malformed { line: row.line, field, reason: "expected this section".into() })
    }

    fn end(mut self) -> Result<(), Malformed> {
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
    fn figure(&mut self, field: &'static str) -> Result<u32, Malformed> {
        let word = self.words.next();
        let word = word.ok_or_else(|| self.wrong(field, "the line ends before it".into()))?;
        figure(word).map_err(|reason| self.wrong(field, reason))
    }

    fn one(&mut self, field: &'static str) -> Result<(), Malformed> {
        match self.figure(field)? {
            1 => Ok(()),
            modes => Err(self.wrong(field, format!("{modes}: several modes are not supported"))),
        }
    }

    fn job(&mut self, field: &'static str, jobs: usize) -> Result<usize, Malformed> {
        let number = self.figure(field)? as usize;
        match number.checked_sub(1).filter(|job| *job < jobs) {
            Some(job) => Ok(job),
            None => Err(self.wrong(field, format!("no job {number} among {jobs}"))),
        }
    }

    fn new_job(&mut self, field: &'static str, seen: &mut [bool]) -> Result<usize, Malformed> {
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

    fn end(mut self) -> Result<(), Malformed> {
        match self.words.next() {
            None => Ok(()),
            Some(word) => Err(self.wrong("end of line", format!("{} follows", quoted(word)))),
        }
    }

    fn wrong(&self, field: &'static str, reason: String) -> Malformed {
        Malformed { line: self.line, field, reason }
    }
}

impl Labelled {
    fn figure(&self) -> Result<u32, Malformed> {
        let word = self.text.split_whitespace().next().unwrap_or_default();
        figure(word).map_err(|reason| self.wrong(reason))
    }

    fn limited(&self, most: usize) -> Result<usize, Malformed> {
        match self.figure()? as usize {
            count if count > most => Err(self.wrong(format!("{count}, the most is {most}"))),
            count => Ok(count),
        }
    }

    fn counted(&self, wanted: u32, what: &str) -> Result<(), Malformed> {
        match self.figure()? {
            count if count == wanted => Ok(()),
            count => Err(self.wrong(format!("{count}, but only {what} can be read"))),
        }
    }

    fn wrong(&self, reason: String) -> Malformed {
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
