//! How entries are spread over concurrent lanes: a group stays in one lane and in order.

use std::collections::HashMap;
use std::collections::VecDeque;

use crate::queues::Entry;

/// Entries in one call (SQS limit).
pub(crate) const MAX_ENTRIES: usize = 10;
/// Bytes in one call and in one message. SQS takes 1 MiB; the rest is left to its accounting.
pub const MAX_BODY_BYTES: usize = 900_000;
/// Calls under way at once.
const MAX_LANES: usize = 8;

/// Entries that are sent one call after the other.
pub(crate) type Lane = VecDeque<Entry>;

/// Groups spread over as few lanes as keep all calls full.
pub(crate) fn spread(entries: Vec<Entry>) -> Vec<Lane> {
    let calls = entries.len().div_ceil(MAX_ENTRIES);
    let mut lanes = vec![Lane::new(); calls.clamp(1, MAX_LANES)];
    let mut lane_of: HashMap<String, usize> = HashMap::new();
    for entry in entries {
        let place = *lane_of.entry(entry.group.clone()).or_insert_with(|| shortest(&lanes));
        if let Some(lane) = lanes.get_mut(place) {
            lane.push_back(entry);
        }
    }
    lanes.retain(|lane| !lane.is_empty());
    lanes
}

fn shortest(lanes: &[Lane]) -> usize {
    let by_length = lanes.iter().enumerate().min_by_key(|(_, lane)| lane.len());
    by_length.map_or(0, |(place, _)| place)
}

/// The next call's entries. Empty when the lane is done.
pub(crate) fn next_call(lane: &mut Lane) -> Vec<Entry> {
    let mut call = Vec::new();
    let mut bytes = 0;
    while let Some(entry) = lane.pop_front() {
        bytes += entry.body.len();
        if !call.is_empty() && (call.len() == MAX_ENTRIES || bytes > MAX_BODY_BYTES) {
            lane.push_front(entry);
            break;
        }
        call.push(entry);
    }
    call
}

#[cfg(test)]
mod tests {
    use super::{MAX_BODY_BYTES, MAX_ENTRIES, next_call, spread};
    use crate::queues::Entry;

    fn entry(group: usize, place: usize, bytes: usize) -> Entry {
        let mut body = format!("{group}:{place}:");
        body.push_str(&"x".repeat(bytes));
        Entry { group: group.to_string(), dedup: None, body }
    }

    #[test]
    fn calls_keep_the_limits_and_the_order_of_each_group() {
        for groups in [1, 2, 7, 500] {
            for bytes in [0, 100_000, 800_000] {
                let entries: Vec<Entry> =
                    (0..137).map(|place| entry(place % groups, place, bytes)).collect();
                let mut seen: Vec<Vec<usize>> = vec![Vec::new(); groups];
                for mut lane in spread(entries) {
                    loop {
                        let call = next_call(&mut lane);
                        if call.is_empty() {
                            break;
                        }
                        let total: usize = call.iter().map(|entry| entry.body.len()).sum();
                        assert!(call.len() <= MAX_ENTRIES && total <= MAX_BODY_BYTES);
                        for entry in call {
                            let mut parts = entry.body.split(':');
                            let group: usize = parts.next().unwrap().parse().unwrap();
                            seen[group].push(parts.next().unwrap().parse().unwrap());
                        }
                    }
                }
                assert_eq!(seen.iter().map(Vec::len).sum::<usize>(), 137);
                assert!(seen.iter().all(|places| places.is_sorted()));
            }
        }
    }
}
