//! How a request came in: under Lambda, or from a socket.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts};
use domain::audit::{Actor, Trail, Via};
use domain::{Clock, Ids, Network, TenantId};
use http::request::Parts;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use telemetry::{SystemClock, SystemIds, Trace};

use crate::limits::Standing;

/// What is known of a request besides what it says.
#[derive(Debug, Clone)]
pub struct Arrival {
    request_id: Trace,
    source_ip: Option<IpAddr>,
    /// Set once a token is verified; for the log.
    tenant: Arc<OnceLock<TenantId>>,
    /// Set once the request is counted; for the answer.
    standing: Arc<OnceLock<Standing>>,
}

impl Arrival {
    /// From API Gateway's context, else from the socket; the id is then made here. Nothing is taken
    /// from headers: a caller could say anything there.
    pub(crate) fn of<B>(request: &http::Request<B>, clock: &dyn Clock, ids: &dyn Ids) -> Self {
        let context = request.request_context_ref();
        let lambda = request.lambda_context_ref();
        let (gateway_id, gateway_ip) = match context {
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.request_id.clone(), context.http.source_ip.clone())
            }
            _ => (None, None),
        };
        let given = gateway_id.or_else(|| lambda.map(|context| context.request_id.clone()));
        let socket = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            request_id: given
                .and_then(|id| Trace::parse(&id))
                .unwrap_or_else(|| Trace::mint(clock, ids)),
            source_ip: gateway_ip
                .and_then(|ip| ip.parse().ok())
                .or_else(|| socket.map(|ConnectInfo(address)| address.ip())),
            tenant: Arc::default(),
            standing: Arc::default(),
        }
    }

    /// The correlation id: in the answer, in the log, and in what the request sets going.
    pub fn request_id(&self) -> &Trace {
        &self.request_id
    }

    /// The address of the caller, as far as it is known.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.source_ip
    }

    /// The network of the caller, for limits.
    pub fn network(&self) -> Network {
        Network::of(self.source_ip)
    }

    /// What the audit log says of everything this request does.
    pub fn trail(&self, actor: Actor) -> Trail {
        Trail {
            actor,
            via: Via::Api,
            ip_prefix: self.source_ip.map(ip_prefix),
            trace: self.request_id.to_string(),
        }
    }

    pub(crate) fn tenant(&self) -> Option<TenantId> {
        self.tenant.get().copied()
    }

    pub(crate) fn standing(&self) -> Option<Standing> {
        self.standing.get().copied()
    }

    pub(crate) fn note_standing(&self, standing: Option<Standing>) {
        if let Some(standing) = standing {
            // A request is counted once.
            let _ = self.standing.set(standing);
        }
    }

    pub(crate) fn note_tenant(&self, tenant: TenantId) {
        // A request has one caller; a second note of it says the same.
        let _ = self.tenant.set(tenant);
    }
}

/// The network an address is of: /24 of IPv4, /48 of IPv6. Mapped addresses count as IPv4.
fn ip_prefix(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Arrival {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self {
            request_id: Trace::mint(&SystemClock, &SystemIds),
            source_ip: None,
            tenant: Arc::default(),
            standing: Arc::default(),
        }))
    }
}
