//! The words of letters, in the languages the product speaks, as text and as plain HTML.
//!
//! Names come from people: what could break a line, turn its direction or look like markup is
//! taken out or escaped.

use std::fmt::Write as _;

use domain::Language;
use domain::email::Email;
use domain::text::{clip, in_html};

mod phrases;

/// Characters of a name that are shown.
const NAME_CHARS: usize = 80;

/// Whom a letter is to.
pub(super) struct Addressee {
    pub(super) email: Email,
    pub(super) name: String,
    pub(super) language: Language,
    /// The name of the organisation.
    pub(super) organization: String,
}

/// What a letter is about.
pub(super) enum Topic {
    VerifyEmail { link: String },
    Invitation { link: String },
    PasswordReset { link: String },
    PasswordChanged { page: String },
    SessionRevoked { page: String },
    SecondFactorChanged { page: String },
    Key { name: String, news: KeyNews, page: String },
}

/// What there is to tell of an API key.
pub(super) enum KeyNews {
    /// A successor was made, and nobody has seen it.
    Waiting {
        until: String,
    },
    /// It should be changed.
    Old {
        made: String,
        ends: String,
    },
    Ends {
        on: String,
    },
}

/// A letter, ready to be sent.
pub(super) struct Written {
    pub(super) to: Email,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// What the phrases of a language say of a topic.
struct Said {
    subject: String,
    lines: Vec<String>,
    /// What the link is called.
    link: &'static str,
    url: String,
    /// What to do for whoever did not expect the letter.
    otherwise: &'static str,
}

/// Writes a letter.
pub(super) fn write(addressee: &Addressee, topic: &Topic) -> Written {
    let organization = tame(&addressee.organization);
    let said = phrases::say(addressee.language, &organization, topic);
    let greeting = phrases::greeting(addressee.language, &tame(&addressee.name));
    Written {
        to: addressee.email.clone(),
        subject: said.subject.clone(),
        text: text(&greeting, &said),
        html: html(addressee.language, &greeting, &said),
    }
}

fn text(greeting: &str, said: &Said) -> String {
    let link = format!("{}:\n{}", said.link, said.url);
    let mut parts = vec![greeting.to_owned()];
    parts.extend(said.lines.iter().cloned());
    parts.push(link);
    if !said.otherwise.is_empty() {
        parts.push(said.otherwise.to_owned());
    }
    format!("{}\n\n-- \nHndasah\n", parts.join("\n\n"))
}

fn html(language: Language, greeting: &str, said: &Said) -> String {
    let (code, direction) = match language {
        Language::En => ("en", "ltr"),
        Language::Ar => ("ar", "rtl"),
        Language::Ru => ("ru", "ltr"),
    };
    let mut body = String::new();
    for line in std::iter::once(greeting).chain(said.lines.iter().map(String::as_str)) {
        let _ = writeln!(body, "<p>{}</p>", in_html(line));
    }
    let url = in_html(&said.url);
    let _ = writeln!(body, "<p><a href=\"{url}\">{}</a></p>", in_html(said.link));
    if !said.otherwise.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", in_html(said.otherwise));
    }
    format!(
        "<!doctype html>\n<html lang=\"{code}\" dir=\"{direction}\">\n<meta charset=\"utf-8\">\n\
         <title>{}</title>\n<body>\n{body}<p>Hndasah</p>\n</body>\n</html>\n",
        in_html(&said.subject)
    )
}

/// A name in one line: without what controls lines or directions, and not too long.
fn tame(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns(*c))
        .collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    clip(&words.join(" "), NAME_CHARS)
}

/// Characters without a width that turn the direction of what follows, or hide.
fn turns(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::{Addressee, KeyNews, Topic, write};

    const LINK: &str = "https://app.example.com/reset-password#token=abc";

    fn to(language: Language, name: &str, organization: &str) -> Addressee {
        Addressee {
            email: "omar@example.com".parse().unwrap(),
            name: name.to_owned(),
            language,
            organization: organization.to_owned(),
        }
    }

    fn topics() -> Vec<Topic> {
        let (link, page) = (|| LINK.to_owned(), || LINK.to_owned());
        let key = |news| Topic::Key { name: "ERP".to_owned(), news, page: LINK.to_owned() };
        vec![
            Topic::VerifyEmail { link: link() },
            Topic::Invitation { link: link() },
            Topic::PasswordReset { link: link() },
            Topic::PasswordChanged { page: page() },
            Topic::SessionRevoked { page: page() },
            Topic::SecondFactorChanged { page: page() },
            key(KeyNews::Waiting { until: "2026-03-16".to_owned() }),
            key(KeyNews::Old { made: "2026-03-16".to_owned(), ends: "2027-03-16".to_owned() }),
            key(KeyNews::Ends { on: "2026-03-16".to_owned() }),
        ]
    }

    #[test]
    fn every_letter_is_whole_in_every_language_and_no_two_are_the_same() {
        let mut seen = std::collections::BTreeSet::new();
        for language in [Language::En, Language::Ar, Language::Ru] {
            for topic in topics() {
                let letter = write(&to(language, "Omar", "Gulf Build"), &topic);
                assert!(seen.insert(letter.text.clone()), "{}", letter.text);
                assert_eq!(letter.text.matches(LINK).count(), 1, "{}", letter.text);
                assert_eq!(letter.html.matches(LINK).count(), 1, "{}", letter.html);
                assert!(letter.text.contains("Omar") && !letter.subject.contains('\n'));
                let ours = match language {
                    Language::En => letter.subject.is_ascii(),
                    Language::Ar => letter.subject.chars().any(|c| ('ا'..='ي').contains(&c)),
                    Language::Ru => letter.subject.chars().any(|c| ('а'..='я').contains(&c)),
                };
                assert!(ours, "{}", letter.subject);
                assert_eq!(letter.html.contains("dir=\"rtl\""), language == Language::Ar);
                if let Topic::Key { .. } = topic {
                    assert!(letter.text.contains("ERP") && letter.text.contains("-03-16"));
                }
            }
        }
    }

    #[test]
    fn a_name_cannot_add_a_line_or_markup_or_turn_what_follows() {
        let name = "Omar\r\nBcc: all@example.com<script>alert(\"1\")</script>\u{202e}txt";
        let letter = write(&to(Language::En, name, &"x".repeat(500)), &topics().remove(1));
        for line in letter.text.lines() {
            assert!(!line.starts_with("Bcc"), "{line}");
        }
        assert!(!letter.subject.contains(['\r', '\n']) && letter.subject.chars().count() < 200);
        assert!(!letter.html.contains("<script"), "{}", letter.html);
        assert!(letter.html.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{}", letter.html);
        assert!(!letter.text.contains('\u{202e}') && !letter.html.contains('\u{202e}'));
    }
}
