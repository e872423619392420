//! Makes the bundled filter of common passwords:
//! `cargo run -p tenancy --example common_passwords -- OUT.bin LIST...`, a list being a text with
//! one password a line.

use std::{env, fs, io};

use tenancy::password::CommonPasswords;

fn main() -> io::Result<()> {
    let mut paths = env::args_os().skip(1);
    let Some(out) = paths.next() else { return Err(io::ErrorKind::InvalidInput.into()) };
    let lists = paths.map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    let words = lists.iter().flat_map(|list| list.lines()).map(str::trim);
    fs::write(out, CommonPasswords::of(words.filter(|word| !word.is_empty())).as_bytes())
}
