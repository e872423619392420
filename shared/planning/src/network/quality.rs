//! Activities whose dates the logic does not hold at one end.

use serde::{Deserialize, Serialize};

use super::Network;

/// Places of activities, hammocks and summaries apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenEnds {
    pub no_predecessor: Vec<usize>,
    pub no_successor: Vec<usize>,
    /// With predecessors, but none that holds the start (all are FF or SF).
    pub dangling_start: Vec<usize>,
    /// With successors, but none that the finish holds up (all are SS or SF).
    pub dangling_finish: Vec<usize>,
}

impl Network {
    /// Open and dangling ends. A plan has one open start and one open finish by nature.
    ///
    /// A milestone has one date, so its ends do not dangle.
    pub fn open_ends(&self) -> OpenEnds {
        let mut ends = OpenEnds::default();
        let kinds = |links: &[usize]| -> Vec<super::LinkKind> {
            links.iter().filter_map(|link| self.plan.links.get(*link)).map(|one| one.kind).collect()
        };
        for (n, activity) in (0..).zip(&self.plan.activities) {
            if !activity.kind.is_scheduled() {
                continue;
            }
            let (into, out_of) = (kinds(self.order.into.of(n)), kinds(self.order.out_of.of(n)));
            if into.is_empty() {
                ends.no_predecessor.push(n);
            } else if into.iter().all(|kind| kind.arrives_at_finish())
                && !activity.kind.is_milestone()
            {
                ends.dangling_start.push(n);
            }
            if out_of.is_empty() {
                ends.no_successor.push(n);
            } else if !out_of.iter().any(|kind| kind.leaves_finish())
                && !activity.kind.is_milestone()
            {
                ends.dangling_finish.push(n);
            }
        }
        ends
    }
}
