//! A project in, the text of a file out, in the columns of the published sets.

use std::fmt::{self, Write as _};

use super::{File, Job};

/// Writes a file that [`super::read`] reads as the same, if the file is one that it can read.
pub fn write(file: &File) -> String {
    let mut text = String::new();
    // Writing to a `String` does not fail.
    let _ = sections(&mut text, file);
    text
}

fn sections(text: &mut String, file: &File) -> fmt::Result {
    let stars = "*".repeat(72);
    let resources = file.capacities.len();
    let mut names = String::new();
    (1..=resources).try_for_each(|number| write!(names, "  R{number:>2}"))?;
    writeln!(text, "{stars}")?;
    writeln!(text, "file with basedata            : {}", one_line(&file.basedata))?;
    writeln!(text, "initial value random generator: {}", one_line(&file.generator_seed))?;
    writeln!(text, "{stars}")?;
    writeln!(text, "projects                      :  1")?;
    writeln!(text, "jobs (incl. supersource/sink ):  {}", file.jobs.len())?;
    writeln!(text, "horizon                       :  {}", file.horizon)?;
    writeln!(text, "RESOURCES")?;
    writeln!(text, "  - renewable                 :  {resources}   R")?;
    writeln!(text, "  - nonrenewable              :  0   N")?;
    writeln!(text, "  - doubly constrained        :  0   D")?;
    writeln!(text, "{stars}\nPROJECT INFORMATION:")?;
    writeln!(text, "pronr.  #jobs rel.date duedate tardcost  MPM-Time")?;
    let row = file.information;
    let inner = file.jobs.len().saturating_sub(2);
    write!(text, "    1 {inner:>6} {:>6} {:>8} ", row.release, row.due)?;
    writeln!(text, "{:>8} {:>8}", row.tardiness_cost, row.links_alone)?;
    writeln!(text, "{stars}\nPRECEDENCE RELATIONS:")?;
    writeln!(text, "jobnr.    #modes  #successors   successors")?;
    for (number, job) in (1..).zip(&file.jobs) {
        successors(text, number, job)?;
    }
    writeln!(text, "{stars}\nREQUESTS/DURATIONS:\njobnr. mode duration{names}")?;
    writeln!(text, "{}", "-".repeat(72))?;
    for (number, job) in (1..).zip(&file.jobs) {
        write!(text, "{number:>3}      1 {:>5}    ", job.duration)?;
        figures(text, &job.requests)?;
    }
    writeln!(text, "{stars}\nRESOURCEAVAILABILITIES:\n{names}")?;
    figures(text, &file.capacities)?;
    writeln!(text, "{stars}")
}

fn successors(text: &mut String, number: usize, job: &Job) -> fmt::Result {
    write!(text, "{number:>4}        1 {:>10}      ", job.successors.len())?;
    job.successors.iter().try_for_each(|next| write!(text, " {:>4}", next + 1))?;
    writeln!(text)
}

fn figures(text: &mut String, row: &[u32]) -> fmt::Result {
    row.iter().try_for_each(|figure| write!(text, " {figure:>4}"))?;
    writeln!(text)
}

/// Names come from files, so they have no line ends; names that do not are made so.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
