//! The `.sm` files: what is written is read again, and what is wrong is named.

use planning::exchange::psplib::{File, Information, Job, MOST_BYTES, read, write};
use planning::level::progen::{Shape, generate};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

/// Two jobs on two resources, with the columns, rules and dashes of the published files.
const SMALL: &str = "\
************************************************************************
file with basedata            : small.bas
initial value random generator: 4711
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  4
horizon                       :  7
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      2      0        9        3        4
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     4       3    0
  3      1     3       2    1
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    4    1
************************************************************************
";

fn small() -> File {
    let job = |duration, requests: [u32; 2], successors: &[usize]| Job {
        duration,
        requests: requests.to_vec(),
        successors: successors.to_vec(),
    };
    File {
        basedata: "small.bas".into(),
        generator_seed: "4711".into(),
        horizon: 7,
        information: Information { release: 0, due: 9, tardiness_cost: 3, links_alone: 4 },
        jobs: vec![
            job(0, [0, 0], &[1, 2]),
            job(4, [3, 0], &[3]),
            job(3, [2, 1], &[3]),
            job(0, [0, 0], &[]),
        ],
        capacities: vec![4, 1],
    }
}

#[test]
fn a_file_is_read_and_levelled() {
    let file = read(SMALL.as_bytes()).unwrap();
    assert_eq!(file, small());
    let effort = planning::level::Effort::Evaluations(200);
    let levelled = planning::level::level(&file.project(), effort, 7).unwrap();
    // 3 and 2 of the first resource do not fit together.
    assert_eq!((levelled.makespan, levelled.proof), (7, planning::level::Proof::Cp));
}

#[test]
fn line_ends_spaces_case_and_what_only_describes_are_free() {
    let dos = SMALL.replace('\n', "\r\n") + "\x1a";
    assert_eq!(read(dos.as_bytes()).unwrap(), small());
    let loose = SMALL.replace("   ", "\t").replace("RELATIONS:", "Relations :").replace('*', "");
    assert_eq!(read(loose.as_bytes()).unwrap(), small());
    let heads = ["file", "init", "hori", "PROJ", "pron", "    1      2"];
    let kept = SMALL.lines().filter(|line| !heads.iter().any(|head| line.starts_with(head)));
    let bare = kept.collect::<Vec<_>>().join("\n");
    let file = read(bare.as_bytes()).unwrap();
    assert_eq!((file.jobs, file.capacities), (small().jobs, small().capacities));
}

#[test]
fn what_is_wrong_is_named_by_line_and_field() {
    let cases = [
        ("projects                      :  1", "projects :  2", 5, "projects"),
        (":  4\n", ":  4000000\n", 6, "jobs"),
        (":  4\n", ":  five\n", 6, "jobs"),
        (":  4\n", ":  5\n", 24, "jobnr."),
        ("horizon  ", "harizon  ", 7, "head of the file"),
        (":  2   R", ":  65   R", 9, "- renewable"),
        (":  2   R", ":  3   R", 27, "request"),
        (":  0   N", ":  2   N", 10, "- nonrenewable"),
        (":  0   D", ":  1   D", 11, "- doubly constrained"),
        ("1      2      0 ", "1      2     -1 ", 15, "rel.date"),
        ("PRECEDENCE", "PRECEDING", 17, "PRECEDENCE RELATIONS"),
        (
            "   2        1          1           4",
            "   2        3          1           4",
            20,
            "#modes",
        ),
        (
            "   2        1          1           4",
            "   2        1          1           5",
            20,
            "successors",
        ),
        (
            "   2        1          1           4",
            "   2        1          2           4",
            20,
            "successors",
        ),
        (
            "   2        1          1           4",
            "   2        1          1         4 3",
            20,
            "end of line",
        ),
        (
            "   2        1          1           4",
            "   2        1          9           4",
            20,
            "#successors",
        ),
        ("1          2           2   3", "1          2           2   2", 19, "successors"),
        ("   3        1          1", "   2        1          1", 21, "jobnr."),
        ("  2      1     4 ", "  2      2     4 ", 28, "mode"),
        ("  2      1     4 ", "  2      1     4.5 ", 28, "duration"),
        ("  2      1     4 ", "  2      1     99999999999 ", 28, "duration"),
        ("  3      1     3       2    1\n", "  3      1     3       2\n", 29, "request"),
        ("    4    1\n", "    4\n", 34, "capacity"),
        ("    4    1\n", "    4    1    1\n", 34, "end of line"),
        ("    4    1\n", "", 35, "capacities"),
        ("    4    1\n", "    4    1\nmore\n", 35, "end of file"),
    ];
    for (before, after, line, field) in cases {
        let text = SMALL.replacen(before, after, 1);
        assert_ne!(text, SMALL, "{before} is not there");
        let wrong = read(text.as_bytes()).unwrap_err();
        assert_eq!((wrong.line, wrong.field), (line, field), "{after}: {wrong}");
    }
    let modes = "   2        3          1           4";
    let text = SMALL.replacen("   2        1          1           4", modes, 1);
    let wrong = read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(wrong, "line 20, #modes: 3: several modes are not supported");
}

#[test]
fn huge_and_foreign_bytes_are_refused() {
    assert_eq!(read(&vec![b'\n'; MOST_BYTES + 1]).unwrap_err().field, "file");
    assert_eq!(read(b"").unwrap_err().field, "head of the file");
    assert_eq!(read(&[0xff, 0xfe, 0, b'x']).unwrap_err().line, 1);
    let announced = SMALL.replace(":  4\n", ":  10000\n");
    assert_eq!(read(announced.as_bytes()).unwrap_err().line, 24);
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_is_written_is_read(
        seed in any::<u64>(),
        tasks in 3..40_usize,
        resources in 0..6_usize,
        figures in prop::array::uniform5(0..90_000_u32),
    ) {
        let shape = Shape { tasks, resources, complexity: 150, factor: 50, strength: 20 };
        let project = generate(shape, seed);
        let mut jobs = vec![Job::default(); tasks + 2];
        for (job, task) in jobs.iter_mut().zip(&project.tasks) {
            job.duration = task.duration;
            job.requests = vec![0; resources];
            task.demands.iter().for_each(|demand| job.requests[demand.resource] = demand.amount);
        }
        project.links.iter().for_each(|link| jobs[link.from].successors.push(link.to));
        let [horizon, release, due, tardiness_cost, links_alone] = figures;
        let capacities = project.resources.iter().map(|all| all.capacity[0].capacity).collect();
        let file = File {
            basedata: format!("{seed}.bas"),
            generator_seed: seed.to_string(),
            horizon,
            information: Information { release, due, tardiness_cost, links_alone },
            jobs,
            capacities,
        };
        let text = write(&file);
        let again = read(text.as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&file), "{}", text);
        prop_assert_eq!(again.unwrap().project(), project);
    }

    #[test]
    fn broken_files_are_refused_or_read_but_never_panic(
        at in 0..SMALL.len(),
        length in 0..40_usize,
        bytes in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut text = SMALL.as_bytes().to_vec();
        let end = (at + length).min(text.len());
        text.splice(at..end, bytes);
        match read(&text) {
            Ok(file) => prop_assert_eq!(read(write(&file).as_bytes()), Ok(file)),
            Err(wrong) => prop_assert!(wrong.line >= 1 && !wrong.reason.is_empty()),
        }
    }
}
