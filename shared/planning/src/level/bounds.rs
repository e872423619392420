//! What no schedule can be shorter than.
//!
//! - Critical path: the links alone.
//! - Work: what all tasks take of a resource, against all there is of it until then.
//! - Energetic reasoning (Baptiste, Le Pape, Nuijten 1999): in a schedule of length `T` each task
//!   lies between its earliest start and latest finish; if the parts that must then lie in some
//!   interval need more than there is in it, `T` is impossible. What is impossible for `T` is
//!   impossible for less, so the largest impossible `T` is found by bisection.

#![expect(clippy::indexing_slicing, reason = "vectors have one entry per task or tick")]

use super::calendar::index;
use super::decode::Decoder;
use super::effort::Part;
use super::problem::{Problem, signed};

/// Longer schedules than this get no energetic bound: its tables have an entry per tick.
const MOST_TICKS: u32 = 1 << 15;
/// Larger projects' tails are those of the links alone: the work is quadratic.
const MOST_BEHIND: usize = 2_000;

/// Times that the links alone give.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    /// The earliest start of each task.
    pub(super) head: Vec<u32>,
    /// From the start of each task to the end of the project, at least; 0 where calendars are.
    pub(super) tail: Vec<u32>,
    /// The same by the links alone: what priority rules are made from.
    pub(super) late: Vec<u32>,
    /// As `tail`, for the problem read backwards.
    pub(super) lead: Vec<u32>,
    /// The length that the links alone need.
    pub(super) critical: u32,
}

impl Windows {
    pub(super) fn new(problem: &Problem) -> Option<Self> {
        let unused = &Problem { profile: problem.profile.unused(), ..problem.clone() };
        let (critical, mut head) = unlimited(unused)?;
        let mut tail = vec![0; problem.tasks()];
        let (mut late, mut lead) = (tail.clone(), Vec::new());
        if problem.plain {
            let plus = |times: &[u32]| -> Vec<u32> {
                times.iter().zip(&problem.duration).map(|(a, b)| a + b).collect()
            };
            let (_, from_end) = unlimited(&unused.mirrored(critical))?;
            (tail, lead) = (plus(&from_end), plus(&head));
            late.clone_from(&tail);
            if problem.profile.is_steady() && problem.tasks() <= MOST_BEHIND {
                lengthen(problem, &mut tail);
                lengthen(&problem.mirrored(critical), &mut lead);
                let starts = lead.iter().zip(&problem.duration).map(|(lead, own)| lead - own);
                head = starts.collect();
            }
        }
        Some(Self { head, tail, late, lead, critical })
    }
}

/// Makes tails as long as the work of what must come after each task: all of it lies between the
/// task's end and the project's, and there is only so much of each resource.
fn lengthen(problem: &Problem, tail: &mut [u32]) {
    let count = problem.tasks();
    let width = count.div_ceil(64);
    let capacity: Vec<u64> = (0..problem.profile.resources())
        .map(|resource| problem.profile.capacity(0, resource).into())
        .collect();
    // A bit for each task that cannot start before another one's end.
    let mut behind = vec![0_u64; width * count];
    for task in problem.order.iter().rev() {
        let at = *task as usize;
        let mut work = vec![0_u64; capacity.len()];
        for other in 0..index(count) {
            if behind[at * width + other as usize / 64] >> (other % 64) & 1 == 1 {
                let duration = u64::from(problem.duration[other as usize]);
                for (resource, sum) in work.iter_mut().enumerate() {
                    *sum += duration * u64::from(problem.profile.amount(other, resource));
                }
            }
        }
        let ends = work.iter().zip(&capacity).map(|(work, most)| work.div_ceil((*most).max(1)));
        let least = u32::try_from(ends.max().unwrap_or(0)).unwrap_or(0);
        tail[at] = tail[at].max(problem.duration[at].saturating_add(least));
        for (from, lag) in problem.distances_into(*task) {
            let from = *from as usize;
            tail[from] = tail[from].max(tail[at].saturating_add_signed(*lag));
            if *lag >= signed(problem.duration[from]) {
                for word in 0..width {
                    behind[from * width + word] |= behind[at * width + word];
                }
                behind[from * width + at / 64] |= 1 << (at % 64);
            }
        }
    }
}

/// The schedule of the links alone, of a problem whose resources nobody uses.
fn unlimited(problem: &Problem) -> Option<(u32, Vec<u32>)> {
    let mut decoder = Decoder::new(problem, &[]);
    let makespan = decoder.decode(&problem.order, u32::MAX)?;
    Some((makespan, decoder.starts))
}

/// The least length of which nothing above says that it is impossible, from the links' length up
/// to a length that is known to be possible.
pub(super) fn lower_bound(
    problem: &Problem,
    windows: &Windows,
    possible: u32,
    part: &mut Part<'_>,
) -> u32 {
    let resources = 0..problem.profile.resources();
    let works = resources.clone().map(|resource| end_of_work(problem, resource));
    let least = works.fold(u64::from(windows.critical), u64::max);
    let least = u32::try_from(least).unwrap_or(possible).min(possible);
    if !problem.plain || possible > MOST_TICKS {
        return least;
    }
    let loads: Vec<Load> =
        resources.map(|resource| Load::new(problem, resource, possible)).collect();
    // Invariant: nothing shorter than `low` is possible.
    let (mut low, mut high) = (least, possible);
    while low < high {
        let length = low + (high - low) / 2;
        match loads.iter().map(|load| load.overflows(windows, length, part)).max() {
            Some(Overflow::Yes) => low = length + 1,
            Some(Overflow::No) | None => high = length,
            Some(Overflow::Stopped) => break,
        }
    }
    low
}

/// When all there is of a resource until then is what all tasks take of it.
fn end_of_work(problem: &Problem, resource: usize) -> u64 {
    let work = |task: u32| {
        let duration = u64::from(problem.duration[task as usize]);
        duration * u64::from(problem.profile.amount(task, resource))
    };
    let mut left: u64 = (0..index(problem.tasks())).map(work).sum();
    let capacity = |tick| u64::from(problem.profile.capacity(tick, resource));
    let early = problem.profile.early_ticks();
    for tick in 0..early {
        if left == 0 {
            return tick as u64;
        }
        left = left.saturating_sub(capacity(tick));
    }
    // With nothing in the end nobody uses it, or there would be no schedule.
    early as u64 * u64::from(left > 0) + left.div_ceil(capacity(early).max(1))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Overflow {
    No,
    Stopped,
    Yes,
}

/// One resource and the tasks that use it.
struct Load {
    /// Task, duration, amount.
    tasks: Vec<(usize, i64, i64)>,
    /// What there is before each tick.
    room: Vec<u64>,
}

impl Load {
    fn new(problem: &Problem, resource: usize, until: u32) -> Self {
        let mut tasks = Vec::new();
        for task in 0..index(problem.tasks()) {
            let amount = problem.profile.amount(task, resource);
            let duration = problem.duration[task as usize];
            if amount > 0 {
                tasks.push((task as usize, i64::from(duration), i64::from(amount)));
            }
        }
        let mut room = vec![0];
        for tick in 0..until as usize {
            room.push(room[tick] + u64::from(problem.profile.capacity(tick, resource)));
        }
        Self { tasks, room }
    }

    /// Whether a schedule of this length needs more than there is in some interval. Intervals
    /// begin at earliest starts, latest starts and earliest finishes; for one beginning, what a
    /// task needs is a ramp over the interval's end, so one sweep does all ends.
    fn overflows(&self, windows: &Windows, length: u32, part: &mut Part<'_>) -> Overflow {
        let spans: Vec<(i64, i64, i64, i64)> = self
            .tasks
            .iter()
            .map(|(task, duration, amount)| {
                let latest = i64::from(length) - i64::from(windows.tail[*task]);
                (i64::from(windows.head[*task]), latest, *duration, *amount)
            })
            .collect();
        if spans.iter().any(|(head, latest, ..)| latest < head) {
            return Overflow::Yes;
        }
        let mut begins: Vec<i64> = spans
            .iter()
            .flat_map(|(head, latest, duration, _)| [*head, *latest, head + duration])
            .filter(|begin| *begin < i64::from(length))
            .collect();
        begins.sort_unstable();
        begins.dedup();
        let mut slopes = vec![0_i64; length as usize + 2];
        for begin in begins {
            if !part.step() {
                return Overflow::Stopped;
            }
            if self.overflows_from(begin, &spans, &mut slopes) {
                return Overflow::Yes;
            }
        }
        Overflow::No
    }

    fn overflows_from(
        &self,
        begin: i64,
        spans: &[(i64, i64, i64, i64)],
        slopes: &mut [i64],
    ) -> bool {
        slopes.fill(0);
        for (head, latest, duration, amount) in spans {
            // What lies in the interval if the task starts as early as it can.
            let most = (head + duration - begin).min(*duration);
            if most > 0 {
                let from = (*latest).max(begin);
                for (at, change) in [(from, *amount), (from + most, -amount)] {
                    if let Some(slope) = usize::try_from(at).ok().and_then(|at| slopes.get_mut(at))
                    {
                        *slope += change;
                    }
                }
            }
        }
        let start = usize::try_from(begin).unwrap_or(0);
        let (mut slope, mut need) = (0, 0_i64);
        for (end, change) in slopes.iter().enumerate().take(slopes.len() - 2).skip(start) {
            slope += change;
            need += slope;
            let room = self.room[end + 1] - self.room[start];
            if need > 0 && need.unsigned_abs() > room {
                return true;
            }
        }
        false
    }
}
