//! `multipart/form-data`, as much of RFC 7578 as an upload needs.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

/// A form has three parts; more than this is no upload.
const PARTS_MAX: usize = 16;

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) mime_type: Option<String>,
    pub(super) bytes: Bytes,
}

/// The parts of a body, or `None` when it is not a form.
pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Option<Vec<Part>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = kind.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter has no line before it.
    let mut at = find(body, delimiter.trim_start().as_bytes(), 0)? + delimiter.len() - 2;
    let mut parts = Vec::new();
    while parts.len() < PARTS_MAX && !body.get(at..)?.starts_with(b"--") {
        let start = at + 2;
        let end = find(body, delimiter.as_bytes(), start)?;
        parts.push(part(body, start, end)?);
        at = end + delimiter.len();
    }
    Some(parts)
}

fn part(body: &Bytes, start: usize, end: usize) -> Option<Part> {
    let head_end = find(body, b"\r\n\r\n", start).filter(|head_end| *head_end <= end)?;
    let head = std::str::from_utf8(body.get(start..head_end)?).ok()?;
    let line = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let disposition = line("Content-Disposition")?;
    let parameter = |name: &str| {
        disposition.split(';').find_map(|piece| {
            let (key, value) = piece.trim().split_once('=')?;
            (key == name).then(|| value.trim_matches('"').to_owned())
        })
    };
    Some(Part {
        name: parameter("name")?,
        file_name: parameter("filename"),
        mime_type: line("Content-Type").map(str::to_owned),
        bytes: body.slice(head_end + 4..end.max(head_end + 4)),
    })
}

fn find(body: &Bytes, wanted: &[u8], from: usize) -> Option<usize> {
    let place = body.get(from..)?.windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + place)
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;

    use super::read;

    #[test]
    fn reads_fields_and_files_and_refuses_what_is_cut_short() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "multipart/form-data; boundary=XyZ".parse().unwrap());
        let body = "--XyZ\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\n\
                    whatsapp\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; \
                    filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n\u{2}\r\n--XyZ--\r\n";
        let whole = Bytes::from(body);
        let parts = read(&headers, &whole).unwrap();
        assert_eq!(parts[0].bytes, "whatsapp");
        assert_eq!(parts[1].file_name.as_deref(), Some("a.png"));
        assert_eq!(parts[1].mime_type.as_deref(), Some("image/png"));
        assert_eq!(parts[1].bytes, "\u{1}\r\n\u{2}");
        for length in 0..whole.len() - 10 {
            assert_eq!(read(&headers, &whole.slice(..length)), None, "{length}");
        }
        assert_eq!(read(&HeaderMap::new(), &whole), None);
    }
}
