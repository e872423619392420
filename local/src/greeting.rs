//! What is printed once the system answers: where it is, who may sign in, what to try.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Result;
use local::secrets::APP_SECRET;
use local::{Data, System};

/// The greeting of a running system.
pub(crate) fn text(system: &System, data: &Data, took: Duration) -> Result<String> {
    let url = system.url();
    let mut out = String::new();
    let place = match data {
        Data::Memory => "in memory; gone when it stops".to_owned(),
        Data::Directory(directory) => format!("in {}", directory.display()),
    };
    writeln!(out, "Hndasah answers on {url} (started in {} ms, data {place})\n", took.as_millis())?;
    writeln!(out, "  {url}/phone     write as a person on site")?;
    writeln!(out, "  {url}/          everything else there is to see")?;
    writeln!(out, "\nSign in with")?;
    for seeded in system.companies() {
        let company = seeded.company;
        writeln!(out, "  {}  ({}, {})", company.name, company.project, seeded.project)?;
        for person in company.people {
            if let Some(login) = &person.login {
                writeln!(out, "    {:<32} {:<20} {}", login.email, login.password, person.name)?;
            }
        }
    }
    tries(&mut out, system, &url)?;
    write!(out, "\nCtrl-C stops it.")?;
    Ok(out)
}

fn tries(out: &mut String, system: &System, url: &str) -> Result<()> {
    let Some(first) = system.companies().first() else { return Ok(()) };
    let company = first.company;
    let Some(login) = company.people.iter().find_map(|person| person.login.as_ref()) else {
        return Ok(());
    };
    let (email, password, channel) = (login.email, login.password, company.phone_number_id);
    writeln!(out, "\nTry")?;
    writeln!(
        out,
        "  TOKEN=$(curl -s {url}/api/v1/auth/login -H 'content-type: application/json' \\\n    \
         -d '{{\"email\":\"{email}\",\"password\":\"{password}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
    )?;
    for path in [
        "/api/v1/projects".to_owned(),
        format!("/api/v1/projects/{}/tasks", first.project),
        "/api/v1/conversations".to_owned(),
    ] {
        writeln!(out, "  curl -s {url}{path} -H \"authorization: Bearer $TOKEN\"")?;
    }
    writeln!(
        out,
        "  BODY='{{\"object\":\"whatsapp_business_account\",\"entry\":[{{\"id\":\"1\",\"changes\":[{{\"field\":\"messages\",\"value\":{{\"messaging_product\":\"whatsapp\",\"metadata\":{{\"display_phone_number\":\"1\",\"phone_number_id\":\"{channel}\"}},\"messages\":[{{\"from\":\"971501110001\",\"id\":\"wamid.TRY1\",\"timestamp\":\"'$(date +%s)'\",\"type\":\"text\",\"text\":{{\"body\":\"task: order 40 bags of cement by friday\"}}}}]}}}}]}}]}}'"
    )?;
    writeln!(
        out,
        "  curl -si {url}/api/v1/webhooks/whatsapp -H 'content-type: application/json' \\\n    \
         -H \"x-hub-signature-256: sha256=$(printf %s \"$BODY\" | openssl dgst -sha256 -hmac {APP_SECRET} | sed 's/.* //')\" --data-binary \"$BODY\""
    )?;
    Ok(())
}
