//! Words cut to length, and words that show all there is to them.

/// At most `limit` characters, the last one an ellipsis when something was cut.
pub fn clip(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// A name or a title as one line: trimmed, with single spaces inside. `None` when it has characters
/// that do not show, or that change how others are shown: two names that look the same have to be
/// the same, and a name must not turn around the text it stands in. Letters of every script are
/// welcome.
pub fn line(text: &str) -> Option<String> {
    if text.chars().any(|c| is_invisible(c) && !c.is_whitespace()) {
        return None;
    }
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a text has no control characters but tab and the ends of lines.
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Control characters, marks that do not show or that direct others (Unicode 16, from category Cf),
/// letters that are blank, variation selectors, tags, private use and non-characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{ffff}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{10ffff}'
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

/// A text as it stands in HTML, between tags or in a quoted attribute.
pub fn in_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            plain => safe.push(plain),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{is_plain, line};

    #[test]
    fn a_line_is_what_it_looks_like() {
        for (given, kept) in [
            ("Omar Haddad", Some("Omar Haddad")),
            ("  Omar \t Haddad\n", Some("Omar Haddad")),
            ("عمر حداد", Some("عمر حداد")),
            ("Бригада №3 «Север»", Some("Бригада №3 «Север»")),
            ("Zoë O\u{301}tūl, 株式会社", Some("Zoë O\u{301}tūl, 株式会社")),
            ("\u{a0}Omar\u{2003}Haddad", Some("Omar Haddad")),
            ("", Some("")),
            ("\u{202e}radaH ramO", None),
            ("Omar\u{200b}", None),
            ("Om\u{200d}ar", None),
            ("\u{feff}Omar", None),
            ("Omar\u{2066}x\u{2069}", None),
            ("Omar\u{61c}", None),
            ("Omar\0", None),
            ("Om\u{ad}ar", None),
            ("\u{3164}", None),
            ("\u{e0041}Omar", None),
            ("Omar\u{f8ff}", None),
            ("Omar\u{fffe}", None),
            ("Omar\u{fffd}", None),
        ] {
            assert_eq!(line(given).as_deref(), kept, "{given:?}");
        }
        assert!(is_plain("two\r\n\tlines 👷\u{200d}♂️ \u{202e}"));
        assert!(!is_plain("nul\0") && !is_plain("\u{1b}[31m") && !is_plain("\u{85}"));
    }
}
