//! Tables as CSV (RFC 4180) that spreadsheets read as text and never as formulas (ASVS 1.2.10).

/// Of a CSV answer.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// What makes a spreadsheet calculate, at the beginning of a cell.
const STARTS_FORMULA: [char; 12] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
/// What spreadsheets pass over before they look.
const PASSED_OVER: [char; 4] = ['"', '\'', '\u{feff}', '\u{200b}'];

/// One line of a table.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        line.push_str(&written(cell));
    }
    line.push_str("\r\n");
    line
}

fn written(cell: &str) -> String {
    let harmless = if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() };
    if harmless.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

fn is_formula(cell: &str) -> bool {
    let begins = |text: &str| text.starts_with(STARTS_FORMULA);
    let looked_at =
        cell.trim_start_matches(|c: char| c.is_whitespace() || PASSED_OVER.contains(&c));
    begins(cell) || begins(looked_at)
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(row(["a", "b c", "", "1.5"]), "a,b c,,1.5\r\n");
        assert_eq!(
            row(["a,b", "say \"x\"", "two\nlines"]),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        let starts = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠"];
        let before = ["", " ", "\u{a0}", "\"", "'", "\u{feff}", "\u{200b}", "\t ", " \"\u{feff}"];
        for start in starts {
            for before in before {
                let cell = format!("{before}{start}cmd|' /C calc'!A0");
                let line = row([cell.as_str()]);
                let text = line.trim_start_matches('"');
                assert!(text.starts_with('\''), "{cell:?} became {line:?}");
            }
        }
        for harmless in ["task.created", "usr_01jv", "10.0.0.0/24", "2026-03-01T08:00:00Z", "a=b"] {
            assert_eq!(row([harmless]), format!("{harmless}\r\n"));
        }
    }
}
