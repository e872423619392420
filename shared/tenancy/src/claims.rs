//! What an access token says.

use domain::role::TenantRole;
use domain::{SessionId, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// The media type of an access token (RFC 9068), so that no other token is taken for one.
pub(crate) const TOKEN_TYPE: &str = "at+jwt";

/// The claims of an access token, all of them required but for `weak`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Who issued it.
    pub(crate) iss: String,
    /// Whom it is for.
    pub(crate) aud: String,
    pub(crate) sub: UserId,
    pub(crate) tid: TenantId,
    pub(crate) role: TenantRole,
    /// The user's permission version at issue.
    pub(crate) pv: u64,
    /// The session the token belongs to.
    pub(crate) sid: SessionId,
    /// When the person last proved who they are: at sign-in or since. Seconds since the epoch.
    pub(crate) auth_time: i64,
    /// Whether the person's organisation wants a second factor of them that they have not shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) weak: bool,
    /// Unique per token.
    pub(crate) jti: String,
    /// Seconds since the epoch, as the two below.
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
}
