//! Bytes to text.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Account, ImportError, MOST_BYTES};

/// How far into an XML file its declaration may reach.
const MOST_DECLARATION: usize = 200;

/// Text without a declaration. A byte order mark decides. Without one it is UTF-8 if it can be,
/// and if not, the code page of Windows that its letters look like; that is noted.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    account: &mut Account,
) -> Result<Cow<'b, str>, ImportError> {
    let encoding = match marked(bytes)? {
        Some(encoding) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => guessed(bytes, account),
    };
    Ok(encoding.decode_with_bom_removal(bytes).0)
}

/// XML, which may name its encoding.
pub(super) fn decode_xml<'b>(
    bytes: &'b [u8],
    account: &mut Account,
) -> Result<Cow<'b, str>, ImportError> {
    let encoding = match marked(bytes)? {
        Some(encoding) => encoding,
        None if bytes.starts_with(b"<\0") => UTF_16LE,
        None if bytes.starts_with(b"\0<") => UTF_16BE,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => declared(bytes).unwrap_or_else(|| guessed(bytes, account)),
    };
    Ok(encoding.decode_with_bom_removal(bytes).0)
}

/// What a byte order mark says.
fn marked(bytes: &[u8]) -> Result<Option<&'static Encoding>, ImportError> {
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    Ok(Encoding::for_bom(bytes).map(|(encoding, _)| encoding))
}

/// What the declaration says, if that is not UTF-8, which it then is not.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..MOST_DECLARATION).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let (declaration, _) = text.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let label = value.split(['"', '\'']).nth(1)?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

fn guessed(bytes: &[u8], account: &mut Account) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut is_text = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"%T") {
            // Primavera's list of currencies has the signs of all countries.
            is_text = !line.starts_with(b"%T\tCURRTYPE");
        }
        if is_text {
            detector.feed(line, false);
        }
    }
    detector.feed(b"", true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let before = bytes.iter().take_while(|byte| byte.is_ascii());
    let line = before.filter(|byte| **byte == b'\n').count() + 1;
    let reason = "not UTF-8: read as the code page that its letters look like";
    account.altered(line, "encoding", encoding.name(), reason);
    encoding
}
