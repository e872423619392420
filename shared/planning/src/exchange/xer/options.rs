//! `SCHEDOPTIONS`: the rules the stored dates were computed by.

use super::projects::Projects;
use super::row::{Row, rows};
use super::tables::Tables;
use crate::exchange::{Account, ImportError};
use crate::network::{CriticalRule, FloatRule, LagCalendar, Options, ProgressRule};

/// See [`Options::start_finish_gap`].
const FIRST_WITHOUT_GAP: u32 = 7;

pub(super) fn read(
    tables: &Tables<'_>,
    projects: &Projects,
    account: &mut Account,
) -> Result<Options, ImportError> {
    let mut options = Options::default();
    if projects.critical_by_path {
        options.critical = CriticalRule::LongestPath;
    }
    if let Some(minutes) = projects.critical_minutes {
        options.critical_up_to = minutes;
        options.near_critical_up_to = options.near_critical_up_to.max(minutes);
    }
    if tables.release.is_some_and(|release| release < FIRST_WITHOUT_GAP) {
        options.start_finish_gap = 1;
    }
    let exported = |row: &Row<'_, '_>| {
        projects.place(row.text("proj_id")).is_none_or(|place| !projects.is_external(place))
    };
    let mut found = rows(tables.get("SCHEDOPTIONS"));
    let Some(row) = found.by_ref().find(exported) else {
        let reason = "the file has no scheduling options: Primavera's defaults are taken";
        account.altered(tables.last_line, "SCHEDOPTIONS", "SCHEDOPTIONS", reason);
        return Ok(options);
    };
    for other in found {
        let reason = "a plan has one set of options: the first is taken";
        account.skipped(other.line(), "SCHEDOPTIONS", other.text("proj_id"), reason);
    }
    options.progress = progress(&row, account);
    options.lag_calendar = lag_calendar(&row)?;
    options.float = match row.text("sched_float_type") {
        "" | "FT_FF" => FloatRule::Finish,
        "FT_SF" => FloatRule::Start,
        "FT_MIN" => FloatRule::Smaller,
        other => return Err(row.error("SCHEDOPTIONS.sched_float_type", &unknown(other))),
    };
    let flag = |field: &str, default: bool| row.flag(field).unwrap_or(default);
    options.open_ends_critical = flag("sched_open_critical_flag", false);
    options.expected_finish = flag("sched_use_expect_end_flag", true);
    options.float_from_all_projects = !flag("sched_use_project_end_date_for_float", true);
    options.ignore_external_dates = row.text("sched_outer_depend_type") == "SD_None";
    options.start_lag_from_early = flag("sched_lag_early_start_flag", true);
    Ok(options)
}

fn progress(row: &Row<'_, '_>, account: &mut Account) -> ProgressRule {
    let field = "sched_progress_override";
    match (row.flag("sched_retained_logic"), row.flag(field)) {
        (_, Some(true)) => ProgressRule::ProgressOverride,
        (Some(false), _) => {
            let reason = "scheduled by actual dates: progress override is the nearest rule";
            account.altered(row.line(), "SCHEDOPTIONS.sched_retained_logic", "N", reason);
            ProgressRule::ProgressOverride
        }
        _ => ProgressRule::RetainedLogic,
    }
}

fn lag_calendar(row: &Row<'_, '_>) -> Result<LagCalendar, ImportError> {
    let field = "sched_calendar_on_relationship_lag";
    match row.text(field) {
        "" | "rcal_Predecessor" => Ok(LagCalendar::Predecessor),
        "rcal_Successor" => Ok(LagCalendar::Successor),
        "rcal_ProjDefault" | "rcal_Project" | "rcal_ProjectDefault" => Ok(LagCalendar::Project),
        "rcal_24Hour" | "rcal_24" | "rcal_TwentyFourHour" => Ok(LagCalendar::AroundTheClock),
        other => Err(row.error(&format!("SCHEDOPTIONS.{field}"), &unknown(other))),
    }
}

fn unknown(value: &str) -> String {
    format!("`{value}` is not known")
}
