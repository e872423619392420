//! The HTTP API over an embedded AWS, companies that use it, and people who call it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use auth::{PrivateKeys, SecretNames};
use aws_clients::{AwsClients, Secrets};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::response::Response;
use domain::role::TenantRole;
use domain::session::Session;
use domain::{ChannelId, Clock, Hidden, SessionId, UserId};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, StatusCode};
use local::graph::{Graph, GraphParts, GraphServer};
use local::hub::Hub;
use queue::{QueueUrls, Queues};
use serde_json::Value;
use store::{Store, TableNames};
use telemetry::{Function, Machine};
use tenancy::proof::{ProofSecret, Proofs};
use tenancy::secrets::{SigningSecret, VerificationSecret, generate};
use tenancy::vault::VaultSecret;
use tenancy::{Signer, Subject, TenantScope};
use testkit::Cloud;
use tower::ServiceExt;
use web::{Edge, Hosts, KeyRing, Limit, Limits};

pub(crate) const ORIGIN: &str = "https://app.example.com";
/// Names the office answers to, the second one by the organisations' sub-domains.
pub(crate) const HOSTS: [&str; 2] = ["api.example.com", "*.app.example.com"];

const PROOF: &str = "hndasah/local/proof";

/// The API and the clouds under it.
pub(crate) struct Office {
    pub(crate) cloud: Cloud,
    pub(crate) signing: SigningSecret,
    pub(crate) verification: VerificationSecret,
    pub(crate) edge: Edge,
    names: SecretNames,
    /// Makes the tokens and codes that letters and messages would carry.
    pub(crate) proofs: Proofs,
    /// Meta, asked when a number is connected.
    pub(crate) graph: Graph,
    graph_server: GraphServer,
    signer: Signer,
    /// Of people who have not called yet; written before the next call.
    signed_in: Mutex<Vec<(TenantScope, Session)>>,
    settling: tokio::sync::Mutex<()>,
    accounts: Router,
    auth: Router,
    projects: Router,
    conversations: Router,
    /// Answers paths of its own in place of the others.
    pub(crate) planted: Option<Planted>,
}

/// A router in the place of others.
pub(crate) struct Planted {
    /// Whether it answers a path.
    pub(crate) is_its: fn(&str) -> bool,
    pub(crate) router: Router,
}

/// Somebody who calls, or nobody.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) session: SessionId,
    pub(crate) token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Office {
    /// With the limits of production, but for those on credentials: its clock stands still, so what
    /// is tried in a whole test is tried at once.
    pub(crate) async fn open() -> Self {
        let many = Limit { calls: 10_000, ..Limits::PRODUCTION.credentials };
        Self::open_with(Limits { credentials: many, ..Limits::PRODUCTION }).await
    }

    /// Where nobody is refused for calling often while the clock stands still.
    pub(crate) async fn open_patient() -> Self {
        Self::open_with(Self::patience()).await
    }

    pub(crate) fn patience() -> Limits {
        let many = |limit: Limit| Limit { calls: 10_000, ..limit };
        let Limits { usual, messages, credentials, exports } = Limits::PRODUCTION;
        Limits {
            usual: many(usual),
            messages: many(messages),
            credentials: many(credentials),
            exports: many(exports),
        }
    }

    pub(crate) async fn open_with(limits: Limits) -> Self {
        let cloud = Cloud::start().await;
        let store = cloud.store();
        Self::open_over(cloud, store, limits).await
    }

    /// Where the API reaches its tables by a way of its own.
    pub(crate) async fn open_over(cloud: Cloud, store: Store, limits: Limits) -> Self {
        let (signing, verification) =
            generate(&*cloud.ids, "https://hndasah.test", "hndasah-api").unwrap();
        let machine = Machine {
            clock: Arc::clone(&cloud.clock) as _,
            ids: Arc::clone(&cloud.ids) as _,
            metrics: cloud.metrics.clone(),
        };
        let name = |of: &str| format!("hndasah/local/{of}");
        let names = SecretNames {
            signing: name("signing"),
            verification: name("verification"),
            vault: name("vault"),
            proof: PROOF.to_owned(),
        };
        let manager = cloud.aws.secrets_manager();
        for (name, secret) in [
            (&names.signing, serde_json::to_string(&signing)),
            (&names.verification, serde_json::to_string(&verification)),
            (&names.vault, serde_json::to_string(&VaultSecret::generate(&*cloud.ids))),
        ] {
            let call = manager.create_secret().name(name).secret_string(secret.unwrap());
            call.send().await.unwrap();
        }
        let secrets = || Secrets::new(cloud.clients(), Arc::clone(&cloud.clock) as _);
        let keys = KeyRing::of_secret(secrets(), &names.verification);
        let private = PrivateKeys::of_secrets(secrets(), names.clone());
        let proof = ProofSecret::generate(&*cloud.ids);
        let secret = serde_json::to_string(&proof).unwrap();
        manager.create_secret().name(PROOF).secret_string(secret).send().await.unwrap();
        let proofs = Proofs::new(&proof).unwrap();
        let graph = Graph::new(GraphParts {
            clock: Arc::clone(&cloud.clock) as _,
            ids: Arc::clone(&cloud.ids) as _,
            hub: Hub::memory(),
            media: None,
        });
        let graph = graph.unwrap();
        let graph_server = GraphServer::start(graph.clone()).await.unwrap();
        let meta = graph_server.base_url();
        let of_accounts = cloud.environment(Function::Accounts, &[("GRAPH_BASE_URL", &meta)]);
        let edge = Edge::with_keys(store, keys, machine, &[ORIGIN.to_owned()])
            .limited(limits)
            .serving(Hosts::new(&HOSTS.map(str::to_owned)));
        let signer = Signer::new(&signing, &verification).unwrap();
        let environment = cloud.environment(Function::Conversations, &[]);
        let queues =
            Queues::new(cloud.clients(), QueueUrls::of(&environment), cloud.metrics.clone());
        let accounts = accounts::App::new(edge.clone(), &of_accounts, secrets()).unwrap();
        Self {
            accounts: accounts::router(accounts),
            auth: auth::router(auth::App::new(edge.clone(), private)),
            projects: projects::router(projects::App::new(edge.clone(), Vec::new())),
            conversations: conversations::router(conversations::App::new(edge.clone(), queues)),
            edge,
            cloud,
            signing,
            verification,
            names,
            proofs,
            graph,
            graph_server,
            signer,
            signed_in: Mutex::default(),
            settling: tokio::sync::Mutex::default(),
            planted: None,
        }
    }

    /// A person's token, as signing in would give it.
    pub(crate) fn person(&self, scope: &TenantScope, id: UserId, role: TenantRole) -> Person {
        let now = self.cloud.clock.now();
        let session = self.sign_in(scope, id);
        let subject = Subject {
            scope,
            user: id,
            role,
            permission_version: 1,
            session,
            proved_at: now,
            is_weak: false,
        };
        let issued = self.signer.issue(&subject, now, &*self.cloud.ids);
        Person { id, session, token: Some(issued.unwrap().access_token) }
    }

    /// Keys of a secret that may not be there yet.
    pub(crate) fn keys_of(&self, name: &str) -> KeyRing {
        let secrets = Secrets::new(self.cloud.clients(), Arc::clone(&self.cloud.clock) as _);
        KeyRing::of_secret(secrets, name)
    }

    /// `auth` behind another edge.
    pub(crate) fn auth_at(&self, edge: Edge) -> Router {
        let secrets = Secrets::new(self.cloud.clients(), Arc::clone(&self.cloud.clock) as _);
        let keys = PrivateKeys::of_secrets(secrets, self.names.clone());
        auth::router(auth::App::new(edge, keys))
    }

    /// A session, as signing in would open it.
    pub(crate) fn sign_in(&self, scope: &TenantScope, user: UserId) -> SessionId {
        let now = self.cloud.clock.now();
        let id = SessionId::mint(&*self.cloud.ids, now);
        let session = Session {
            id,
            user,
            created_at: now,
            last_used_at: now,
            proved_at: now,
            two_factors: false,
            token_hash: Hidden::new("of no token"),
            generation: 1,
            previous: None,
            device: None,
            ip_prefix: None,
            version: 1,
        };
        self.signed_in.lock().unwrap().push((scope.clone(), session));
        id
    }

    /// Writes the sessions of those who have signed in since the last call.
    pub(crate) async fn settle(&self) {
        // Whoever calls at the same time waits until all of them are written.
        let _all = self.settling.lock().await;
        let waiting = std::mem::take(&mut *self.signed_in.lock().unwrap());
        for (scope, session) in waiting {
            let mut write = self.cloud.store().for_tenant(&scope).transaction();
            write.insert_session(&session);
            company::commit(write).await;
        }
    }

    /// Gives a channel a token, at our side and at Meta's.
    pub(crate) async fn set_token(&self, channel: ChannelId, number: &str, token: &str) {
        self.graph.set_token(number, token);
        let name = format!("hndasah/local/channels/{channel}");
        let secret = serde_json::json!({ "access_token": token }).to_string();
        let manager = self.cloud.aws.secrets_manager();
        manager.create_secret().name(name).secret_string(secret).send().await.unwrap();
    }

    /// The token of a channel as it stands in the secret store.
    pub(crate) async fn token_of(&self, channel: &str) -> Option<String> {
        let name = format!("hndasah/local/channels/{channel}");
        let manager = self.cloud.aws.secrets_manager();
        let found = manager.get_secret_value().secret_id(name).send().await.ok()?;
        let secret: Value = serde_json::from_str(&found.secret_string?).unwrap();
        secret["access_token"].as_str().map(str::to_owned)
    }

    /// Meta cannot be reached any more.
    pub(crate) async fn lose_meta(&self) {
        self.graph_server.refuse_connections().await;
    }

    /// Puts other keys in the place of those that verify tokens.
    pub(crate) async fn rotate(&self, verification: &VerificationSecret) {
        let secret = serde_json::to_string(verification).unwrap();
        let manager = self.cloud.aws.secrets_manager();
        manager
            .put_secret_value()
            .secret_id(&self.names.verification)
            .secret_string(secret)
            .send()
            .await
            .unwrap();
    }

    /// Somebody with this token, whatever it is.
    pub(crate) fn bearer(token: &str) -> Person {
        Person { token: Some(token.to_owned()), ..Self::nobody() }
    }

    pub(crate) fn nobody() -> Person {
        let nil = uuid::Uuid::nil();
        Person { id: UserId::from_uuid(nil), session: SessionId::from_uuid(nil), token: None }
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.call(who, (Method::GET, path), &[], Body::empty()).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, body: &Value) -> Answer {
        self.post_with(who, path, &[], body).await
    }

    /// A change of what was read under `etag`.
    pub(crate) async fn patch(&self, who: &Person, path: &str, etag: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", etag)];
        self.call(who, (Method::PATCH, path), &headers, Body::from(body.to_string())).await
    }

    pub(crate) async fn delete(&self, who: &Person, path: &str) -> Answer {
        self.call(who, (Method::DELETE, path), &[], Body::empty()).await
    }

    pub(crate) async fn post_with(
        &self,
        who: &Person,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.call(who, (Method::POST, path), &all, Body::from(body.to_string())).await
    }

    /// What the API answers to an event of API Gateway, by way of Lambda's own conversion.
    pub(crate) async fn invoke(&self, event: &str) -> Answer {
        self.settle().await;
        let request = lambda_http::request::from_str(event).unwrap();
        let router = self.router_of(request.uri().path()).clone();
        Answer::of(router.oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn call(
        &self,
        who: &Person,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        self.settle().await;
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &who.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let router = self.router_of(path).clone();
        Answer::of(router.oneshot(request.body(body).unwrap()).await.unwrap()).await
    }

    /// The projects' door over a DynamoDB that is not there.
    pub(crate) fn with_a_deaf_table(&self) -> Router {
        let set = [("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")];
        let environment = self.cloud.environment(Function::Projects, &set);
        let clients = AwsClients::new(&environment).unwrap();
        let store = Store::new(clients.dynamodb().clone(), TableNames::of(&environment));
        let machine = Machine {
            clock: Arc::clone(&self.cloud.clock) as _,
            ids: Arc::clone(&self.cloud.ids) as _,
            metrics: self.cloud.metrics.clone(),
        };
        let edge = Edge::new(store, &self.verification, machine, &[]).unwrap();
        projects::router(projects::App::new(edge, Vec::new()))
    }

    /// A reading from an address, as a socket tells it.
    pub(crate) async fn call_from(
        &self,
        who: &Person,
        from: ConnectInfo<SocketAddr>,
        path: &str,
    ) -> Answer {
        let token = who.token.as_deref().unwrap_or_default();
        let request = Request::builder()
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .extension(from)
            .body(Body::empty())
            .unwrap();
        Answer::of(self.router_of(path).clone().oneshot(request).await.unwrap()).await
    }

    /// Where Meta is.
    pub(crate) fn meta_url(&self) -> String {
        self.graph_server.base_url()
    }

    fn router_of(&self, path: &str) -> &Router {
        if let Some(Planted { is_its, router }) = &self.planted
            && is_its(path)
        {
            return router;
        }
        match path {
            "/api/v1/organizations" => &self.auth,
            path if path.starts_with("/api/v1/auth") || path.starts_with("/.well-known") => {
                &self.auth
            }
            path if path.starts_with("/api/v1/projects") || path.starts_with("/health") => {
                &self.projects
            }
            path if ["organization", "users", "api-keys", "audit-log", "policy"]
                .iter()
                .any(|first| path.starts_with(&format!("/api/v1/{first}"))) =>
            {
                &self.accounts
            }
            _ => &self.conversations,
        }
    }
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.json()
    }

    /// The body of a problem, after its form has been looked at.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.header(CONTENT_TYPE.as_str()), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:hndasah:problem:{code}"));
        assert!(problem["title"].is_string());
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        problem
    }
}

pub(crate) mod company;
pub(crate) use company::Company;
