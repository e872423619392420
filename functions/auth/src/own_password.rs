//! The password of somebody who is signed in, asked for once more.

use domain::Error;
use domain::tenant::User;
use tenancy::password;
use web::Problem;

use crate::App;
use crate::throttle::Attempt;
use crate::visit::Visit;

/// Whether it is theirs; counted as a sign-in is, so that a stolen token does not help guessing.
pub(crate) async fn check(
    app: &App,
    visit: &Visit,
    user: &User,
    given: String,
    pointer: &'static str,
) -> Result<(), Problem> {
    let attempt = Attempt::begin(app, &user.email, visit).await?;
    let kept = user.password_hash.clone();
    if app.with_passwords(move || password::verify(&given, &kept)).await? {
        attempt.succeeded().await?;
        Ok(())
    } else {
        attempt.failed().await?;
        Err(Error::field(pointer, "wrong_password", "this is not your password").into())
    }
}
