//! What an organisation sets for itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Settings beside the record's own fields. Absent ones are the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    #[serde(default)]
    pub week_start: WeekStart,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub branding: Branding,
    /// The sub-domain of its login page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Whether what is dangerous takes a second factor of owners and admins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_second_factor: bool,
    /// Carries codes to people who have not written within a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_template: Option<CodeTemplate>,
}

/// The first day of a week in plans and reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    #[default]
    Monday,
    Saturday,
    Sunday,
}

impl WeekStart {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Monday, Self::Saturday, Self::Sunday];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }
}

/// How much of something an organisation allows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// People who have not been deactivated.
    pub users: u32,
    /// Numbers that have not been removed.
    pub channels: u32,
}

impl Limits {
    /// Beyond this, listing everybody to find one would be slow.
    pub const USERS_MAX: u32 = 500;
    /// A channel's token is a secret of its own, which is paid for by the month.
    pub const CHANNELS_MAX: u32 = 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self { users: 200, channels: 5 }
    }
}

/// How its pages and letters look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// Shown instead of the organisation's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<LogoUrl>,
}

/// The text is not of the wanted form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct FormError(pub &'static str);

macro_rules! text_form {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $holds:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What such a text looks like, in words.
            pub const EXPECTED: &'static str = $expected;

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = FormError;

            fn from_str(text: &str) -> Result<Self, FormError> {
                let holds: fn(&str) -> bool = $holds;
                if holds(text) { Ok(Self(text.to_owned())) } else { Err(FormError($expected)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = FormError;

            fn try_from(text: String) -> Result<Self, FormError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(form: $name) -> Self {
                form.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_form!(
    /// A label of a host name (RFC 1123), in lower case, that names no host of our own.
    Slug, "3 to 40 of a-z, 0-9 and inner hyphens, not a reserved name", is_slug
);
text_form!(
    /// A colour as in style sheets.
    Color, "a colour as #1a2b3c", |text| {
        text.strip_prefix('#').is_some_and(|digits| {
            digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
        })
    }
);
text_form!(
    /// Where a picture is, for browsers; we never fetch it.
    LogoUrl, "an https address of at most 500 visible characters", |text| {
        text.len() <= 500
            && text.bytes().all(|b| b.is_ascii_graphic() && !br#""'<>\`"#.contains(&b))
            && text.strip_prefix("https://").is_some_and(|rest| {
                let host = rest.split('/').next().unwrap_or_default();
                host.contains('.') && !host.contains('@')
            })
    }
);
text_form!(
    /// What a template is called at Meta.
    TemplateName, "at most 512 of a-z, 0-9 and _", |text| {
        (1..=512).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    }
);
text_form!(
    /// A template's approved locale, to the letter: `en` is not `en_US`.
    TemplateLocale, "a locale as en or en_US", |text| {
        let (language, region) = text.split_once('_').unwrap_or((text, "US"));
        (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && (2..=4).contains(&region.len())
            && region.bytes().all(|b| b.is_ascii_alphanumeric())
    }
);

/// An approved authentication template of WhatsApp: its body and its button take the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTemplate {
    pub name: TemplateName,
    pub language: TemplateLocale,
}

/// Names of hosts of our own, and names that would be taken for one.
const RESERVED: [&str; 26] = [
    "account",
    "admin",
    "api",
    "app",
    "assets",
    "auth",
    "blog",
    "cdn",
    "dashboard",
    "docs",
    "ftp",
    "help",
    "hndasah",
    "hooks",
    "imap",
    "login",
    "mail",
    "root",
    "security",
    "smtp",
    "static",
    "status",
    "support",
    "test",
    "webhooks",
    "www",
];

fn is_slug(text: &str) -> bool {
    (3..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        // `xn--` and the like mean something to browsers.
        && text.get(2..4) != Some("--")
        && !RESERVED.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::{Color, LogoUrl, Settings, Slug, TemplateLocale, TemplateName};

    #[test]
    fn forms_take_what_they_say_and_nothing_else() {
        for good in ["gulf-build", "abc", "a1b2c3", &"a".repeat(40)] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in
            ["", "ab", "-abc", "abc-", "Abc", "a.b.c", "www", "api", "xn--abc", &"a".repeat(41)]
        {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
        for good in ["https://cdn.example.com/logo.png", "https://example.com"] {
            assert!(good.parse::<LogoUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://example.com/x",
            "https://localhost/x",
            "https://a@example.com/x",
            "https://example.com/\"onload=",
            "https://example.com/a b",
            "javascript:alert(1)",
        ] {
            assert!(bad.parse::<LogoUrl>().is_err(), "{bad}");
        }
        assert!("#1A2b3c".parse::<Color>().is_ok());
        for bad in ["1a2b3c", "#1a2b3", "#1a2b3g", "red"] {
            assert!(bad.parse::<Color>().is_err(), "{bad}");
        }
        assert!("login_code_2".parse::<TemplateName>().is_ok());
        assert!("Login".parse::<TemplateName>().is_err() && "".parse::<TemplateName>().is_err());
        for good in ["en", "en_US", "pt_BR", "fil"] {
            assert!(good.parse::<TemplateLocale>().is_ok(), "{good}");
        }
        for bad in ["", "EN", "en-US", "en_", "english"] {
            assert!(bad.parse::<TemplateLocale>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_record_without_settings_has_the_defaults_and_they_come_back() {
        let settings: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings, Settings::default());
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }
}
