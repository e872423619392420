//! `/mail`: the letters that were sent, to be read in a browser.
//!
//! Invariant: what a letter says is shown as text. Its HTML is served on its own, in a sandbox, so
//! that it can neither run nor reach anything here.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::text::in_html;
use embedded_aws::{Mailbox, ReceivedLetter};

/// Letters in the list.
const LISTED_MAX: usize = 100;
/// Nothing is loaded and nothing runs; styles are in the page.
const PAGE_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
    frame-ancestors 'none'; form-action 'none'";
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation";
const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --line: light-dark(#d8dee4, #30363d); --dim: light-dark(#57606a, #9aa4af); --accent: light-dark(#00735c, #2fd3ad); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 3rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.4rem; }
  a { color: var(--accent); }
  li { list-style: none; border-bottom: 1px solid var(--line); padding: .7rem 0; }
  ul { padding: 0; }
  small, p { color: var(--dim); }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border: 1px solid var(--line); border-radius: 12px; padding: 1rem; }
</style>
"#;

pub(crate) fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/mail", get(list))
        .route("/mail/{id}", get(show))
        .route("/mail/{id}/html", get(show_html))
        .with_state(mailbox)
}

async fn list(State(mailbox): State<Mailbox>) -> Response {
    let letters = mailbox.letters();
    let mut items = String::new();
    for letter in letters.iter().take(LISTED_MAX) {
        let line = format!(
            "<li dir=\"auto\"><a href=\"/mail/{}\">{}</a><br><small>{} · {}</small></li>\n",
            in_html(&letter.id),
            in_html(if letter.subject.is_empty() { "(no subject)" } else { &letter.subject }),
            in_html(&letter.to.join(", ")),
            letter.at,
        );
        items.push_str(&line);
    }
    let count = letters.len();
    let note = match count {
        0 => "No letter was sent yet.".to_owned(),
        _ if count > LISTED_MAX => format!("The latest {LISTED_MAX} of {count}, newest first."),
        _ => format!("{count}, newest first."),
    };
    page(&format!(
        "<title>Mail</title>\n<h1>Mail</h1>\n<p>{note}</p>\n<ul>\n{items}</ul>\n</html>\n"
    ))
}

async fn show(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Response {
    let Some(letter) = find(&mailbox, &id) else { return absent() };
    let html = match letter.html {
        Some(_) => format!("<p><a href=\"/mail/{}/html\">As HTML</a></p>\n", in_html(&letter.id)),
        None => String::new(),
    };
    page(&format!(
        "<title>{subject}</title>\n<p><a href=\"/mail\">All letters</a></p>\n\
         <h1 dir=\"auto\">{subject}</h1>\n<p>From {from}<br>To {to}<br>{at}</p>\n\
         <pre dir=\"auto\">{text}</pre>\n{html}</html>\n",
        subject = in_html(&letter.subject),
        from = in_html(&letter.from),
        to = in_html(&letter.to.join(", ")),
        at = letter.at,
        text = linked(&letter.text),
    ))
}

async fn show_html(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Response {
    match find(&mailbox, &id).and_then(|letter| letter.html) {
        Some(html) => (guard(LETTER_POLICY), Html(html)).into_response(),
        None => absent(),
    }
}

fn find(mailbox: &Mailbox, id: &str) -> Option<ReceivedLetter> {
    mailbox.letters().into_iter().find(|letter| letter.id == id)
}

fn page(body: &str) -> Response {
    (guard(PAGE_POLICY), Html(format!("{HEAD}{body}"))).into_response()
}

fn absent() -> Response {
    (StatusCode::NOT_FOUND, "no such letter").into_response()
}

fn guard(policy: &'static str) -> [(HeaderName, &'static str); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ]
}

/// A text with its web addresses as links.
fn linked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 200);
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if bare.starts_with("https://") || bare.starts_with("http://") {
            let (url, space) = (in_html(bare), word.get(bare.len()..).unwrap_or_default());
            out.extend(["<a href=\"", &url, "\">", &url, "</a>", space]);
        } else {
            out.push_str(&in_html(word));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn only_web_addresses_become_links_and_markup_stays_text() {
        let text =
            "See\nhttps://a.example/x?y=1&z=2#token=t_-\n<b onclick='x'> javascript:alert(1)";
        assert_eq!(
            linked(text),
            "See\n<a href=\"https://a.example/x?y=1&amp;z=2#token=t_-\">\
             https://a.example/x?y=1&amp;z=2#token=t_-</a>\n\
             &lt;b onclick=&#39;x&#39;&gt; javascript:alert(1)"
        );
        assert!(!linked("http://x/\"onmouseover=\"alert(1)").contains("\"onmouse"));
    }
}
