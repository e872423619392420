//! Signatures of webhooks: only the right one passes.

use whatsapp::{AppSecret, AppSecrets, sign, verify};

use crate::Target;
use crate::pieces::Pieces;

pub(crate) const TARGET: Target = Target {
    name: "signature",
    run,
    seeds,
    words: &["sha256=", "sha1=", "SHA256=", "=", ","],
    most_bytes: 4_096,
};

/// First how the header comes to be and how long secret and header are, then these, then the body.
fn run(data: &[u8]) {
    let mut pieces = Pieces(data);
    let (way, place) = (pieces.byte(), pieces.below(usize::MAX));
    let secret = usize::from(pieces.byte());
    let secret = String::from_utf8_lossy(pieces.take(secret)).into_owned();
    let header = usize::from(pieces.byte());
    let header = String::from_utf8_lossy(pieces.take(header)).into_owned();
    let body = pieces.0;
    let Ok(current) = AppSecret::new(secret.clone()) else {
        assert!(secret.is_empty(), "a secret was refused");
        return;
    };
    let previous = AppSecret::new(format!("{secret}, the one before")).ok();
    let (good, old) = (sign(body, &current), previous.as_ref().map(|old| sign(body, old)));
    let both = AppSecrets { current: current.clone(), previous };
    let only = AppSecrets { current, previous: None };

    let is_right = header == good || Some(&header) == old.as_ref();
    assert_eq!(verify(body, Some(&header), &both), is_right, "an odd header: {header:?}");
    assert!(!verify(body, None, &both), "no header at all");
    assert!(verify(body, Some(&good), &both) && verify(body, Some(&good), &only), "the right one");
    assert!(verify(body, old.as_deref(), &both), "the right one of the secret before");
    assert!(!verify(body, old.as_deref(), &only), "a secret that is no more");

    let Some(flipped) = (match way % 3 {
        0 => flip(body, place).map(|body| verify(&body, Some(&good), &both)),
        1 => text(flip(good.as_bytes(), place)).map(|header| verify(body, Some(&header), &only)),
        _ => text(flip(secret.as_bytes(), place))
            .and_then(|secret| AppSecret::new(secret).ok())
            .map(|current| verify(body, Some(&good), &AppSecrets { current, previous: None })),
    }) else {
        return;
    };
    let part = ["body", "header", "secret"].get(usize::from(way % 3)).copied().unwrap_or_default();
    assert!(!flipped, "a bit of the {part} does not matter");
}

/// The same with one bit the other way.
fn flip(bytes: &[u8], place: usize) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let at = (place / 8).checked_rem(bytes.len())?;
    *bytes.get_mut(at)? ^= 1 << (place % 8);
    Some(bytes)
}

fn text(bytes: Option<Vec<u8>>) -> Option<String> {
    String::from_utf8(bytes?).ok()
}

fn seeds() -> Vec<Vec<u8>> {
    let of = |way: u8, secret: &str, header: &str, body: &str| {
        let mut data = vec![way, 0, 9, u8::try_from(secret.len()).unwrap_or(0)];
        data.extend_from_slice(secret.as_bytes());
        data.push(u8::try_from(header.len()).unwrap_or(0));
        data.extend_from_slice(header.as_bytes());
        data.extend_from_slice(body.as_bytes());
        data
    };
    let secret = "0123456789abcdef0123456789abcdef";
    let good = AppSecret::new(secret).map(|secret| sign(b"{}", &secret)).unwrap_or_default();
    vec![
        of(0, secret, &good, "{}"),
        of(1, secret, "sha256=", "{\"entry\":[]}"),
        of(2, "s", &good.to_uppercase(), "{}"),
        of(0, secret, &format!("{good}, {good}"), ""),
    ]
}
