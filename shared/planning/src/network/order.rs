//! The order in which links let activities be computed, and the cycle when there is none.

use super::Plan;

/// Who comes before and after whom, as links of the plan by their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    starts: Vec<usize>,
    links: Vec<usize>,
}

impl Neighbours {
    /// The links of `of` for which `end` gives the activity they belong to.
    fn new(activities: usize, ends: &[Option<usize>]) -> Self {
        let mut starts = vec![0_usize; activities + 1];
        for end in ends.iter().flatten() {
            if let Some(slot) = starts.get_mut(end + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut starts {
            sum += *slot;
            *slot = sum;
        }
        let mut next = starts.clone();
        let mut links = vec![0; sum];
        for (link, end) in ends.iter().enumerate() {
            let Some(place) = end.and_then(|end| next.get_mut(end)) else { continue };
            if let Some(slot) = links.get_mut(*place) {
                *slot = link;
            }
            *place += 1;
        }
        Self { starts, links }
    }

    /// The links of one activity, in the plan's order.
    pub(super) fn of(&self, activity: usize) -> &[usize] {
        let from = self.starts.get(activity).copied().unwrap_or_default();
        let to = self.starts.get(activity + 1).copied().unwrap_or_default();
        self.links.get(from..to).unwrap_or_default()
    }
}

/// Links into and out of each activity, and the order of all activities.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    pub(super) into: Neighbours,
    pub(super) out_of: Neighbours,
    pub(super) sequence: Vec<usize>,
}

impl Order {
    /// The order by the links between activities that both satisfy `takes_part`, or the ids of a
    /// cycle, each linked to the next and the last to the first.
    pub(super) fn new(
        plan: &Plan,
        takes_part: impl Fn(usize) -> bool,
    ) -> Result<Self, Vec<String>> {
        let count = plan.activities.len();
        let both = |from: usize, to: usize| takes_part(from) && takes_part(to);
        let ends = |end: fn(&super::Link) -> usize| -> Vec<Option<usize>> {
            let kept = |link: &super::Link| both(link.predecessor, link.successor);
            plan.links.iter().map(|link| kept(link).then(|| end(link))).collect()
        };
        let into = Neighbours::new(count, &ends(|link| link.successor));
        let out_of = Neighbours::new(count, &ends(|link| link.predecessor));

        let mut waiting: Vec<usize> = (0..count).map(|n| into.of(n).len()).collect();
        let part: Vec<usize> = (0..count).filter(|n| takes_part(*n)).collect();
        let mut sequence: Vec<usize> =
            part.iter().copied().filter(|n| into.of(*n).is_empty()).collect();
        let mut done = 0;
        while let Some(activity) = sequence.get(done).copied() {
            done += 1;
            for link in out_of.of(activity) {
                let Some(successor) = plan.links.get(*link).map(|link| link.successor) else {
                    continue;
                };
                if let Some(left) = waiting.get_mut(successor) {
                    *left -= 1;
                    if *left == 0 {
                        sequence.push(successor);
                    }
                }
            }
        }
        if sequence.len() == part.len() {
            return Ok(Self { into, out_of, sequence });
        }
        Err(cycle(plan, &into, &waiting))
    }
}

/// Follows unfinished predecessors back until one comes again.
fn cycle(plan: &Plan, into: &Neighbours, waiting: &[usize]) -> Vec<String> {
    let is_stuck = |n: &usize| waiting.get(*n).is_some_and(|left| *left > 0);
    let mut seen = vec![None; waiting.len()];
    let mut trail = Vec::new();
    let mut next = (0..waiting.len()).find(is_stuck);
    while let Some(activity) = next {
        if let Some(Some(first)) = seen.get(activity) {
            trail.drain(..*first);
            break;
        }
        if let Some(slot) = seen.get_mut(activity) {
            *slot = Some(trail.len());
        }
        trail.push(activity);
        let before = into.of(activity).iter().filter_map(|link| plan.links.get(*link));
        next = before.map(|link| link.predecessor).find(is_stuck);
    }
    // The trail went backwards.
    trail.reverse();
    let id = |n: &usize| plan.activities.get(*n).map(|activity| activity.id.clone());
    trail.iter().filter_map(id).collect()
}
