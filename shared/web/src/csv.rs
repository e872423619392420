//! Tables as CSV (RFC 4180) that spreadsheets read as text and never as formulas (ASVS 1.2.10).

/// Of a CSV answer.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// What makes a spreadsheet calculate, at the beginning of a cell.
const STARTS_FORMULA: [char; 12] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
/// Of these, what does so after a blank.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What ends a cell where another list separator is usual, or where a quote is not understood.
const ENDS_CELL: [char; 5] = [';', '\t', '|', '\r', '\n'];
/// What spreadsheets pass over before they look.
const PASSED_OVER: [char; 5] = ['"', '\'', '\0', '\u{feff}', '\u{200b}'];

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
    let harmless = harmless(cell);
    if harmless.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

/// The text with a quote before whatever might be taken for a formula: at its beginning, and where
/// a spreadsheet might begin another cell.
fn harmless(cell: &str) -> String {
    let is_formula = |text: &str| {
        let passed_over = |c: char| c.is_whitespace() || PASSED_OVER.contains(&c);
        text.trim_start_matches(passed_over).starts_with(SIGNS)
    };
    let mut safe = String::with_capacity(cell.len() + 1);
    if cell.starts_with(STARTS_FORMULA) || is_formula(cell) {
        safe.push('\'');
    }
    for (place, part) in cell.split_inclusive(ENDS_CELL).enumerate() {
        if place > 0 && is_formula(part) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
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
    fn no_separator_of_another_country_begins_a_formula() {
        for (cell, written) in [
            ("a;=1", "a;'=1"),
            ("a; \t@x|-1", "a; \t'@x|'-1"),
            ("one\n+1", "\"one\n'+1\""),
            ("a;b=1", "a;b=1"),
            ("two\r\nlines", "\"two\r\nlines\""),
        ] {
            assert_eq!(row([cell]), format!("{written}\r\n"));
        }
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
