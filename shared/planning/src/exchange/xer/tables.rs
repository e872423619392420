//! The tables of a file, as they stand.

use std::collections::HashMap;

use crate::exchange::{Account, ImportError};

/// Most rows of a file: the largest published exports have less than a million.
const MOST_ROWS: usize = 4_000_000;
const MOST_FIELDS: usize = 500;
const MARKERS: [&str; 4] = ["%T", "%F", "%R", "%E"];
/// Tables that are read. Of others the rows are counted.
const WANTED: [&str; 9] = [
    "CALENDAR",
    "PROJECT",
    "PROJWBS",
    "RSRC",
    "RSRCRATE",
    "SCHEDOPTIONS",
    "TASK",
    "TASKPRED",
    "TASKRSRC",
];

/// The columns of these tables that are read, and their own numbers, which say nothing. Others
/// that hold anything are in the account.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("CALENDAR", &["base_clndr_id", "clndr_data", "clndr_id", "clndr_name", "default_flag"]),
    (
        "PROJECT",
        &[
            "clndr_id",
            "critical_drtn_hr_cnt",
            "critical_path_type",
            "export_flag",
            "last_recalc_date",
            "plan_end_date",
            "plan_start_date",
            "proj_id",
            "proj_short_name",
        ],
    ),
    (
        "TASK",
        &[
            "act_end_date",
            "act_equip_qty",
            "act_start_date",
            "act_work_qty",
            "clndr_id",
            "complete_pct_type",
            "cstr_date",
            "cstr_date2",
            "cstr_type",
            "cstr_type2",
            "driving_path_flag",
            "early_end_date",
            "early_start_date",
            "expect_end_date",
            "external_early_start_date",
            "external_late_end_date",
            "free_float_hr_cnt",
            "late_end_date",
            "late_start_date",
            "phys_complete_pct",
            "proj_id",
            "remain_drtn_hr_cnt",
            "remain_equip_qty",
            "remain_work_qty",
            "resume_date",
            "status_code",
            "target_drtn_hr_cnt",
            "target_end_date",
            "target_start_date",
            "task_code",
            "task_id",
            "task_name",
            "task_type",
            "total_float_hr_cnt",
            "wbs_id",
        ],
    ),
    ("TASKPRED", &["lag_hr_cnt", "pred_task_id", "pred_type", "task_id", "task_pred_id"]),
    ("PROJWBS", &["parent_wbs_id", "wbs_id", "wbs_short_name"]),
    ("RSRC", &["clndr_id", "rsrc_id", "rsrc_name", "rsrc_short_name", "rsrc_type"]),
    ("RSRCRATE", &["max_qty_per_hr", "rsrc_id", "rsrc_rate_id", "start_date"]),
    ("TASKRSRC", &["remain_qty_per_hr", "rsrc_id", "target_qty_per_hr", "task_id", "taskrsrc_id"]),
    (
        "SCHEDOPTIONS",
        &[
            "proj_id",
            "sched_calendar_on_relationship_lag",
            "sched_float_type",
            "sched_lag_early_start_flag",
            "sched_open_critical_flag",
            "sched_outer_depend_type",
            "sched_progress_override",
            "sched_retained_logic",
            "sched_use_expect_end_flag",
            "sched_use_project_end_date_for_float",
            "schedoptions_id",
        ],
    ),
];

/// A table whose rows are read.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    pub(super) line: usize,
    fields: HashMap<&'a str, usize>,
    width: usize,
    pub(super) rows: Vec<RawRow<'a>>,
}

#[derive(Debug)]
pub(super) struct RawRow<'a> {
    pub(super) line: usize,
    values: Vec<&'a str>,
}

#[derive(Debug, Default)]
pub(super) struct Tables<'a> {
    by_name: HashMap<&'a str, Table<'a>>,
    pub(super) last_line: usize,
    /// The release that wrote the file: 6 of `6.0.0`.
    pub(super) release: Option<u32>,
}

impl<'a> Tables<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Table<'a>> {
        self.by_name.get(name)
    }
}

impl<'a> Table<'a> {
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// Notes the columns that hold something and are not read.
    fn note_unread(&self, name: &str, account: &mut Account) {
        let Some((_, read)) = COLUMNS.iter().find(|(table, _)| *table == name) else { return };
        let mut unread: Vec<_> =
            self.fields.iter().filter(|(name, _)| !read.contains(name)).collect();
        unread.sort_unstable();
        for (field, place) in unread {
            let holds =
                |row: &&RawRow<'a>| row.values.get(*place).is_some_and(|text| !text.is_empty());
            let rows = self.rows.iter().filter(holds).count();
            if rows > 0 {
                account.skipped_rows(self.line, rows, &format!("{name}.{field}"));
            }
        }
    }

    pub(super) fn value(&self, row: &RawRow<'a>, field: &str) -> &'a str {
        let place = self.fields.get(field);
        place.and_then(|place| row.values.get(*place)).map_or("", |value| value.trim())
    }
}

/// Where the reading of lines stands.
#[derive(Default)]
struct Splitter<'a> {
    tables: Tables<'a>,
    /// The table at hand, and whether its rows are kept.
    name: Option<(&'a str, bool)>,
    table: Table<'a>,
    rows: usize,
    rows_skipped: usize,
}

pub(super) fn split<'a>(text: &'a str, account: &mut Account) -> Result<Tables<'a>, ImportError> {
    // Empty lines before it do no harm.
    let header = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
    if !text.get(header..).unwrap_or_default().starts_with("ERMHDR") {
        return Err(ImportError::WrongFormat {
            expected: "a Primavera export",
            reason: "line 1 does not start with ERMHDR".to_owned(),
        });
    }
    let mut splitter = Splitter::default();
    let mut end = 0;
    // A row and where it stands; it goes on as long as lines come that have no marker.
    let mut open: Option<(usize, usize, usize)> = None;
    for (line, content) in (1..).zip(text.split_inclusive('\n')) {
        let start = end;
        end += content.len();
        splitter.tables.last_line = line;
        let is_marked = start == header || MARKERS.contains(&content.get(..2).unwrap_or_default());
        match open.as_mut() {
            Some((_, _, to)) if !is_marked => *to = end,
            _ if !is_marked && (content.trim().is_empty() || end <= header) => {}
            _ if !is_marked => {
                return Err(ImportError::malformed(line, "%T", "a line without a marker"));
            }
            _ => {
                if let Some((line, from, to)) = open.replace((line, start, end)) {
                    splitter.line(line, text.get(from..to).unwrap_or_default(), account)?;
                }
            }
        }
        if content.starts_with("%E") {
            break;
        }
    }
    if let Some((line, from, to)) = open {
        splitter.line(line, text.get(from..to).unwrap_or_default(), account)?;
    }
    splitter.close(account);
    Ok(splitter.tables)
}

impl<'a> Splitter<'a> {
    /// Takes a line in, or a row of several lines: a line break inside a value ends nothing.
    fn line(
        &mut self,
        line: usize,
        content: &'a str,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        let content = content.trim_end_matches(['\r', '\n']);
        let (marker, rest) = content.split_once('\t').unwrap_or((content, ""));
        let is_broken = content.contains('\n') && marker != "%R";
        match marker {
            _ if is_broken => {
                return Err(ImportError::malformed(line + 1, marker, "a line without a marker"));
            }
            "ERMHDR" => {
                let version = rest.split(['\t', '.']).next();
                self.tables.release = version.and_then(|number| number.parse().ok());
            }
            "%T" => {
                self.close(account);
                self.open(line, rest.trim());
            }
            "%F" => self.fields(line, rest)?,
            "%R" => self.row(line, rest, account)?,
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, line: usize, name: &'a str) {
        let is_wanted = WANTED.contains(&name);
        self.name = Some((name, is_wanted));
        self.table = Table { line, ..Table::default() };
        self.rows_skipped = 0;
    }

    /// Puts the table at hand away. The same table a second time adds to the first.
    fn close(&mut self, account: &mut Account) {
        let Some((name, is_wanted)) = self.name.take() else { return };
        if !is_wanted {
            if self.rows_skipped > 0 {
                account.skipped_rows(self.table.line, self.rows_skipped, name);
            }
            return;
        }
        let table = std::mem::take(&mut self.table);
        table.note_unread(name, account);
        match self.tables.by_name.get_mut(name) {
            Some(first) if first.fields == table.fields => first.rows.extend(table.rows),
            Some(_) => account.skipped_rows(table.line, table.rows.len(), name),
            None => {
                self.tables.by_name.insert(name, table);
            }
        }
    }

    fn fields(&mut self, line: usize, rest: &'a str) -> Result<(), ImportError> {
        if self.name.is_none() {
            return Err(ImportError::malformed(line, "%F", "fields before a table"));
        }
        let names = rest.split('\t').map(str::trim);
        self.table.fields = names.zip(0..).filter(|(name, _)| !name.is_empty()).collect();
        self.table.width = rest.split('\t').count();
        if self.table.width > MOST_FIELDS {
            return Err(ImportError::Limit { line, what: "fields", most: MOST_FIELDS });
        }
        Ok(())
    }

    fn row(
        &mut self,
        line: usize,
        rest: &'a str,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(ImportError::Limit { line, what: "rows", most: MOST_ROWS });
        }
        let Some((name, is_wanted)) = self.name else {
            return Err(ImportError::malformed(line, "%R", "a row before a table"));
        };
        if !is_wanted {
            self.rows_skipped += 1;
            return Ok(());
        }
        if self.table.width == 0 {
            return Err(ImportError::malformed(line, name, "a row before the fields"));
        }
        let values: Vec<&str> = rest.split('\t').take(MOST_FIELDS).collect();
        let beyond = values.iter().skip(self.table.width).any(|value| !value.trim().is_empty());
        if beyond {
            let reason = format!("{} values for {} fields", values.len(), self.table.width);
            return Err(ImportError::malformed(line, name, reason));
        }
        if values.len() < self.table.width {
            let reason = format!(
                "{} values for {} fields; the others are taken as empty",
                values.len(),
                self.table.width
            );
            account.altered(line, name, values.first().unwrap_or(&""), reason);
        }
        self.table.rows.push(RawRow { line, values });
        Ok(())
    }
}
