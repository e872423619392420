//! Credentials: nothing passes but what we made ourselves, to the letter.

use std::sync::LazyLock;

use domain::{ProofId, SessionId, UserId};
use jiff::SignedDuration;
use tenancy::key::{MintedKey, ShownKey};
use tenancy::proof::{ProofSecret, Proofs};
use tenancy::vault::challenge::Challenge;
use tenancy::vault::refresh::RefreshToken;
use tenancy::vault::{Vault, VaultSecret};

use crate::Target;
use crate::chance::Counted;
use crate::office::{NOW, OFFICE};
use crate::pieces::Pieces;

pub(crate) const TARGET: Target = Target {
    name: "tokens",
    run,
    seeds,
    words: &[
        "eyJhbGciOiJub25lIn0",
        ".",
        "..",
        "=",
        "==",
        "+",
        "/",
        "-",
        "_",
        "wac_live_",
        "wac_",
        "{\"alg\":\"none\"}",
        "\"kid\"",
        "\"crit\"",
        "\"jwk\"",
        "EdDSA",
        "HS256",
        "at+jwt",
    ],
    // A token that is longer is not read.
    most_bytes: 4_200,
};

/// One credential of each kind, and what reads them.
struct Drawer {
    proofs: Proofs,
    vault: Vault,
    key: String,
    proof: String,
    refresh: String,
    challenge: String,
}

static DRAWER: LazyLock<Drawer> = LazyLock::new(|| {
    let ids = Counted::default();
    let scope = &OFFICE.scopes[0];
    let proofs = Proofs::new(&ProofSecret::generate(&ids)).expect("a proof key");
    let vault = Vault::new(&VaultSecret::generate(&ids)).expect("vault keys");
    let (user, session) = (UserId::mint(&ids, NOW), SessionId::mint(&ids, NOW));
    let challenge = Challenge {
        scope: scope.clone(),
        user,
        permission_version: 1,
        expires_at: NOW.saturating_add(SignedDuration::from_mins(5)).unwrap_or(NOW),
    };
    Drawer {
        key: MintedKey::mint(&ids).text().to_owned(),
        proof: proofs.token(scope, ProofId::mint(&ids, NOW)),
        refresh: vault.write_refresh(&RefreshToken::first(scope, user, session, &ids)),
        challenge: vault.write_challenge(&challenge),
        proofs,
        vault,
    }
});

/// One byte says which credential and whether the text is put into a genuine one.
fn run(data: &[u8]) {
    let mut pieces = Pieces(data);
    let way = pieces.byte();
    let (kind, patched) = (way % 5, way >= 128);
    let genuine = genuine(kind);
    let text = if patched { pieces.patched(genuine) } else { pieces.text() };
    assert!(passes(kind, genuine), "the genuine one does not pass");
    match kind {
        0 => assert!(
            !passes(kind, &text) || OFFICE.tokens.contains(&text),
            "a token that we did not issue: {text:?}"
        ),
        // A key's checksum is no secret: whoever computes it may ask the table.
        4 => key(genuine, &text),
        _ => assert_eq!(passes(kind, &text), text == genuine, "{text:?}"),
    }
}

fn genuine(kind: u8) -> &'static str {
    match kind {
        0 => &OFFICE.tokens[0],
        1 => &DRAWER.proof,
        2 => &DRAWER.refresh,
        3 => &DRAWER.challenge,
        _ => &DRAWER.key,
    }
}

fn passes(kind: u8, text: &str) -> bool {
    match kind {
        0 => OFFICE.verifier.verify(text, NOW).is_ok(),
        1 => DRAWER.proofs.open(text).is_some(),
        2 => DRAWER.vault.read_refresh(text).is_some(),
        3 => DRAWER.vault.read_challenge(text, NOW).is_some(),
        _ => text.parse::<ShownKey>().is_ok(),
    }
}

fn key(genuine: &str, text: &str) {
    if let Ok(shown) = text.parse::<ShownKey>() {
        assert!(ShownKey::is_meant(text) && text.len() == genuine.len(), "{text:?}");
        assert!(text.is_ascii() && !text.contains(char::is_whitespace), "{text:?}");
        assert_eq!(text.get(9..17), Some(shown.label().as_str()), "{text:?}");
    }
    let differing =
        genuine.bytes().zip(text.bytes()).filter(|(ours, theirs)| ours != theirs).count();
    let is_slip = text.len() == genuine.len() && differing == 1;
    assert!(!is_slip || !passes(4, text), "a slip of the pen: {text:?}");
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for kind in 0..5_u8 {
        let genuine = genuine(kind);
        seeds.push([&[kind], genuine.as_bytes()].concat());
        // 130 is the first that patches and is of the first kind.
        seeds.push(vec![130 + kind, 0, 20, 1, b'A']);
        seeds.push([&[kind, 0], genuine.as_bytes(), b"="].concat());
    }
    for part in OFFICE.tokens[0].split('.') {
        seeds.push([&[0], part.as_bytes()].concat());
    }
    seeds
}
