//! Bytes in, a project out. Spaces, line ends and decoration are free; figures and counts are not.

use super::lines::Lines;
use super::{File, Information, Job, MOST_BYTES, MOST_JOBS, MOST_RESOURCES, Malformed};

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
