//! The refresh token as a cookie, for browsers: no script of a page can read it.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// `__Host-`: only over TLS, for this host alone, for all of it.
const NAME: &str = "__Host-rt";
/// Its session ends after seven idle days.
const MAX_AGE_S: u32 = 7 * 24 * 3_600;

/// The refresh token among a request's cookies.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, token)| token.to_owned())
        .filter(|token| !token.is_empty())
}

/// The header that has a browser keep a token, or forget the one it has.
pub(crate) fn header(token: Option<&str>) -> HeaderMap {
    let age = if token.is_some() { MAX_AGE_S } else { 0 };
    let token = token.unwrap_or_default();
    let text = format!("{NAME}={token}; Max-Age={age}; Path=/; Secure; HttpOnly; SameSite=Strict");
    let mut headers = HeaderMap::new();
    // A token of ours is base64url; nothing else comes here.
    if let Ok(mut value) = HeaderValue::try_from(text) {
        value.set_sensitive(true);
        headers.insert(SET_COOKIE, value);
    }
    headers
}
