//! The log as a file.

use domain::Clock;
use serde_json::{Value, json};

use super::{Archive, trail};
use crate::office::Company;

const EXPORT: &str = "/api/v1/audit-log/export";

#[tokio::test]
async fn a_file_has_each_entry_once_over_all_its_parts_and_the_export_is_told() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    let mut told = archive.tell(&company, company.now, &["task.created"; 23]).await;
    told.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    archive.office.cloud.advance(1);
    let mut path = format!("{EXPORT}?format=jsonl&rows=10");
    let mut ids = Vec::new();
    let mut parts = 0;
    loop {
        let part = archive.office.get(&company.owner, &path).await;
        assert_eq!(part.status, 200, "{}", part.body);
        assert_eq!(part.header("content-type"), Some("application/x-ndjson"));
        parts += 1;
        for line in part.body.lines() {
            let entry: Value = serde_json::from_str(line).unwrap();
            ids.push(entry["id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = part.header("x-next-cursor") else { break };
        path = format!("{EXPORT}?format=jsonl&rows=10&cursor={cursor}");
    }
    assert_eq!(ids, told.iter().map(|entry| entry.id.to_string()).collect::<Vec<_>>());
    assert!(parts >= 3);
    let path = "/api/v1/audit-log?action=audit_log.exported";
    let log = archive.office.get(&company.owner, path).await.ok(200);
    assert_eq!(log["entries"].as_array().unwrap().len(), parts);
    // The log is taken away only by who has proved within minutes who they are.
    archive.office.cloud.advance(6 * 60);
    archive.office.get(&company.owner, EXPORT).await.problem(403, "step_up_required");
    archive.office.get(&company.owner, path).await.ok(200);
    assert_eq!(archive.office.get(&archive.owner(&company), EXPORT).await.status, 200);
}

#[tokio::test]
async fn a_spreadsheet_finds_no_formula_in_it() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    let cloud = &archive.office.cloud;
    let mut trail = trail(company.owner.id);
    trail.trace = "@SUM(1+1)*cmd|' /C calc'!A0".to_owned();
    let evil: Vec<String> =
        serde_json::from_str(include_str!("../../../corpora/formulas.json")).unwrap();
    assert!(evil.len() >= 60, "{}", evil.len());
    for some in evil.chunks(20) {
        let mut write = company.store.transaction();
        for text in some {
            let entry = trail.entry(&*cloud.ids, cloud.clock.now(), text, text);
            write.audit(entry, None, Some(&json!({ "name": text })));
        }
        write.commit().await.unwrap();
    }
    let file = archive.office.get(&company.owner, EXPORT).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = "attachment; filename=\"audit-log.csv\"";
    assert_eq!(file.header("content-disposition"), Some(name));
    let lines = parsed(&file.body);
    assert_eq!(lines.len(), 1 + evil.len());
    assert_eq!(lines[0][..2], ["id", "at"]);
    for line in &lines[1..] {
        assert_eq!(line.len(), 12);
        assert_eq!(line[9], format!("'{}", trail.trace));
        // Nothing of it is lost but for the quotes that were put into it.
        let bare = |text: &str| text.replace('\'', "");
        assert!(evil.iter().any(|text| bare(text) == bare(&line[5])), "{line:?}");
        for cell in line {
            no_formula(cell);
        }
    }
    println!("{} formulas, {} cells", evil.len(), 12 * evil.len());
    for (query, field) in [("rows=0", "rows"), ("rows=5001", "rows"), ("format=xlsx", "format")] {
        let path = format!("{EXPORT}?{query}");
        let answer = archive.office.get(&company.owner, &path).await;
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], field);
    }
}

/// Not where the cell begins, nor where one would begin with another separator.
fn no_formula(cell: &str) {
    for (place, part) in cell.split([';', '\t', '|', '\r', '\n']).enumerate() {
        let passed = |c: char| c.is_whitespace() || "\"\u{feff}\u{200b}".contains(c);
        let seen = part.trim_start_matches(passed);
        assert!(!seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell:?}");
        assert!(place > 0 || !cell.starts_with(['\t', '\r', '\n', '\0']), "{cell:?}");
    }
}

/// CSV as RFC 4180 has it.
fn parsed(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.next() == Some('\n') => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            other => cell.push(other),
        }
    }
    assert!(cell.is_empty() && line.is_empty() && !quoted, "the last line is ended");
    lines
}
