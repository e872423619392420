//! What people say of themselves in several bodies.

use domain::Language;
use domain::email::Email;
use jiff::tz::TimeZone;
use web::Fields;

/// A person's name.
pub(crate) fn name(fields: &mut Fields) -> Option<String> {
    fields.line("name", 1..=120)
}

/// An address that must be there.
pub(crate) fn email(fields: &mut Fields) -> Option<Email> {
    fields.parsed("email", "an e-mail address")
}

/// A language that may be absent.
pub(crate) fn language(fields: &mut Fields) -> Option<Language> {
    fields.choice("language", &Language::ALL.map(|language| (language.as_str(), language)))
}

/// A time zone that may be absent.
pub(crate) fn time_zone(fields: &mut Fields) -> Option<String> {
    let name = fields.optional_text("time_zone", 1..=64)?;
    let canonical = TimeZone::get(&name).ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    if canonical.is_none() {
        fields.fault("time_zone", "wrong_form", "expected an IANA name, as Asia/Dubai");
    }
    canonical
}

/// The token of a link.
pub(crate) fn token(fields: &mut Fields) -> Option<String> {
    fields.text("token", 1..=200)
}
