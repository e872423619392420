//! What this system relies on of SQS, checked through the real SDK: against the embedded server
//! always, and against an independent one when `SQS_CONTRACT_ENDPOINT` names it, which keeps the
//! checks themselves honest.

#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod fifo;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod queues;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod standard;

/// One test per check, each against every endpoint.
macro_rules! contract {
    ($($module:ident::$check:ident,)*) => {$(
        #[tokio::test]
        async fn $check() {
            $module::$check(&rig::Rig::ours().await).await;
            if let Some(independent) = rig::Rig::independent() {
                $module::$check(&independent).await;
            }
        }
    )*};
}

contract! {
    fifo::a_group_keeps_its_order,
    fifo::a_group_in_flight_is_locked_and_others_flow,
    fifo::a_repeat_is_absorbed_for_five_minutes,
    fifo::deduplication_can_be_per_group,
    fifo::deduplication_can_be_by_content,
    fifo::a_group_and_a_deduplication_id_are_demanded,
    fifo::a_stale_receipt_cannot_delete,
    fifo::sequence_numbers_rise,
    fifo::a_queue_can_delay_all_its_messages,
    fifo::a_batch_keeps_its_order,
    standard::a_message_comes_back_when_its_time_is_over,
    standard::a_message_is_kept_as_long_as_the_queue_says,
    standard::a_receive_counts_and_tells_when,
    standard::visibility_can_be_changed,
    standard::a_delayed_message_waits,
    standard::a_long_poll_is_woken_by_a_send,
    standard::a_long_poll_is_woken_by_a_release,
    standard::a_long_poll_ends_empty,
    standard::a_group_is_accepted_and_no_group_starves,
    standard::attributes_travel_with_their_digest,
    standard::a_batch_of_deletes_succeeds_entry_by_entry,
    dead_letters::a_message_received_too_often_moves,
    dead_letters::a_poisoned_group_goes_on,
    dead_letters::a_move_task_brings_messages_back,
    limits::a_batch_has_one_to_ten_distinct_entries,
    limits::a_message_has_at_most_one_mebibyte,
    limits::identifiers_have_at_most_128_characters,
    limits::control_characters_are_refused,
    limits::numbers_have_their_ranges,
    queues::an_unknown_queue_is_said_to_be_unknown,
    queues::creating_again_is_fine_unless_it_differs,
    queues::attributes_are_shown_and_changed,
    queues::purge_and_delete_empty_a_queue,
}
