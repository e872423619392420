//! Speaking to the person at the terminal.

#[expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]
pub fn line(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command-line tool complains on its standard error")]
pub fn problem(text: &str) {
    eprintln!("training: {text}");
}
