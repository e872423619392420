//! Which host names are ours, and whose sub-domain one is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use domain::{Result, TenantId};
use http::header::HOST;
use jiff::{SignedDuration, Timestamp};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

use crate::edge::Edge;
use crate::problem::Problem;

/// How long it is believed whose a sub-domain is.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Sub-domains remembered at most; then all are forgotten.
const SLUGS_MAX: usize = 1_000;
/// A label of the domain name system (RFC 1035).
const SLUG_CHARS_MAX: usize = 63;

/// The names this API answers to: `api.example.com`, or `*.app.example.com`, under which each
/// organisation has a sub-domain.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    exact: Vec<String>,
    /// With the dot, as in `.app.example.com`.
    suffixes: Vec<String>,
}

/// Under which name a request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HostName {
    /// One of ours, or none at all: then nobody was misled by one.
    Ours,
    /// The sub-domain of an organisation, by its label.
    SubDomain(String),
}

/// Whose the sub-domains seen lately are.
#[derive(Default)]
pub(crate) struct SubDomains {
    known: Mutex<HashMap<String, (Option<TenantId>, Timestamp)>>,
}

impl Hosts {
    /// Names as the configuration gives them. With none at all, only API Gateway's own name is
    /// held to.
    pub fn new(names: &[String]) -> Self {
        let mut hosts = Self::default();
        for name in names {
            let name = name.trim().to_ascii_lowercase();
            match name.strip_prefix('*') {
                Some(suffix) => hosts.suffixes.push(suffix.to_owned()),
                None => hosts.exact.push(name),
            }
        }
        hosts
    }

    /// Under which of our names a request came; `None` when it is none of them.
    pub(crate) fn name_of(&self, request: &Request) -> Option<HostName> {
        let gateway = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.as_deref(),
            _ => None,
        };
        let mut headers = request.headers().get_all(HOST).iter();
        let header = match (headers.next(), headers.next()) {
            (None, _) => None,
            (Some(header), None) => Some(header.to_str().ok()?),
            (Some(_), Some(_)) => return None,
        };
        let mut found = HostName::Ours;
        for name in [header, request.uri().host()].into_iter().flatten() {
            match self.classify(name, gateway)? {
                HostName::Ours => {}
                of_tenant @ HostName::SubDomain(_) => found = of_tenant,
            }
        }
        Some(found)
    }

    fn classify(&self, name: &str, gateway: Option<&str>) -> Option<HostName> {
        let name = without_port(name).to_ascii_lowercase();
        let is_open = gateway.is_none() && self.exact.is_empty() && self.suffixes.is_empty();
        if is_open || gateway == Some(name.as_str()) && !self.is_sub_domain(&name) {
            return Some(HostName::Ours);
        }
        if self.exact.contains(&name) {
            return Some(HostName::Ours);
        }
        let label = self.label_of(&name)?;
        Some(HostName::SubDomain(label.to_owned()))
    }

    fn is_sub_domain(&self, name: &str) -> bool {
        !self.exact.iter().any(|exact| exact == name) && self.label_of(name).is_some()
    }

    fn label_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        let label = self.suffixes.iter().find_map(|suffix| name.strip_suffix(suffix.as_str()))?;
        let is_label = (1..=SLUG_CHARS_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        is_label.then_some(label)
    }
}

/// A token opens nothing under another organisation's sub-domain, nor under nobody's.
pub(crate) async fn hold(
    edge: &Edge,
    name: &HostName,
    tenant: TenantId,
) -> std::result::Result<(), Problem> {
    let HostName::SubDomain(label) = name else { return Ok(()) };
    if edge.sub_domains().tenant_of(edge, label).await? == Some(tenant) {
        return Ok(());
    }
    let status = http::StatusCode::FORBIDDEN;
    let title = "The token is of another organisation than this address";
    Err(Problem::new(status, "tenant_mismatch", title))
}

impl SubDomains {
    async fn tenant_of(&self, edge: &Edge, label: &str) -> Result<Option<TenantId>> {
        let now = edge.now();
        let known = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(label).filter(|(_, until)| now < *until).map(|(tenant, _)| *tenant)
        };
        if let Some(tenant) = known {
            return Ok(tenant);
        }
        let tenant = edge.store().directory().tenant_of_slug(label).await?;
        let until = now.checked_add(FRESH_FOR).unwrap_or(now);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SLUGS_MAX {
            known.clear();
        }
        known.insert(label.to_owned(), (tenant, until));
        Ok(tenant)
    }
}

/// `[::1]:3000` → `[::1]`, `example.com.:443` → `example.com`.
fn without_port(host: &str) -> &str {
    let end = host.rfind(']').map_or(0, |end| end + 1);
    let port = host.get(end..).and_then(|rest| rest.find(':')).map(|at| end + at);
    let name = port.and_then(|at| host.get(..at)).unwrap_or(host);
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{HostName, Hosts, without_port};

    #[test]
    fn a_port_and_a_last_dot_do_not_make_another_host() {
        for (host, name) in [
            ("example.com", "example.com"),
            ("example.com.:443", "example.com"),
            ("[::1]:3000", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(without_port(host), name, "{host}");
        }
    }

    #[test]
    fn a_name_is_ours_a_tenants_or_nobodys() {
        let names = ["api.example.com", "*.app.example.com", "www.app.example.com"];
        let hosts = Hosts::new(&names.map(str::to_owned));
        let acme = Some(HostName::SubDomain("acme".to_owned()));
        for (name, expected) in [
            ("api.example.com", Some(HostName::Ours)),
            ("API.Example.com:443", Some(HostName::Ours)),
            ("www.app.example.com", Some(HostName::Ours)),
            ("acme.app.example.com", acme.clone()),
            ("Acme.App.example.com.", acme),
            ("a.b.app.example.com", None),
            (".app.example.com", None),
            ("app.example.com", None),
            ("api.example.com.evil.test", None),
            ("evilapp.example.com", None),
            ("", None),
        ] {
            assert_eq!(hosts.classify(name, None), expected, "{name}");
        }
        let gateway = Some("x1.execute-api.eu-west-1.amazonaws.com");
        assert_eq!(
            hosts.classify("x1.execute-api.eu-west-1.amazonaws.com", gateway),
            Some(HostName::Ours)
        );
        assert_eq!(Hosts::default().classify("evil.test", gateway), None);
        assert_eq!(Hosts::default().classify("anything", None), Some(HostName::Ours));
        let custom = Some("acme.app.example.com");
        assert!(matches!(
            hosts.classify("acme.app.example.com", custom),
            Some(HostName::SubDomain(_))
        ));
    }
}
