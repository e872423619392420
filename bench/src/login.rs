//! What signing in costs: its time, for people who are there and for people who are not, and its
//! units.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use auth::PrivateKeys;
use aws_clients::AwsClients;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Clock, Language, UserId};
use embedded_aws::{Data, EmbeddedAws, Options, Plan};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::{Store, TableNames};
use telemetry::{Environment, Function, Machine, Metrics, SystemIds};
use tenancy::proof::ProofSecret;
use tenancy::vault::VaultSecret;
use tenancy::{TenantScope, password, secrets};
use testkit::MovingClock;
use tower::ServiceExt as _;
use web::{Edge, Limit, Limits};

use crate::meter::{Meter, Spent};
use crate::report::{Table, figure, micros, percentile, ratio};

const TEMPLATE: &str = include_str!("../../template.yaml");
pub(crate) const EMAIL: &str = "omar@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// As many of each kind as the figure is a median of.
const LOGINS: usize = 300;
const HASHES: usize = 50;
/// Between two tries, so that the throttle has forgotten the one before.
const HOUR_S: i64 = 3_600;

/// `auth` over an embedded AWS with one person in it.
struct Desk {
    clock: Arc<MovingClock>,
    /// Straight to DynamoDB.
    direct: Router,
    /// The same through the meter, which takes its time.
    metered: Router,
    meter: Meter,
    _aws: EmbeddedAws,
}

pub(crate) async fn measure() -> Result<[Table; 2]> {
    let desk = Desk::open().await?;
    Ok([desk.times().await?, desk.units().await?])
}

impl Desk {
    async fn open() -> Result<Self> {
        let clock = Arc::new(MovingClock::default());
        let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<_> };
        let aws = EmbeddedAws::start(options).await?;
        let stage = BTreeMap::from([("Stage".to_owned(), "dev".to_owned())]);
        let plan = Plan::read(TEMPLATE, &stage)?;
        aws.provision(&plan).await?;
        let (meter, url) = Meter::start(&aws.endpoints().dynamodb).await?;
        let planned = plan.function_of_binary(Function::Auth.name()).context("not planned")?;
        let mut values = aws.environment(planned);
        let direct = Environment::of(Function::Auth, |name| values.get(name).cloned())?;
        values.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), url);
        let metered = Environment::of(Function::Auth, |name| values.get(name).cloned())?;
        hire(&store(&direct)?, &*clock).await?;
        let (signing, verification) = secrets::generate(&SystemIds, "bench", "bench")?;
        let vault = VaultSecret::generate(&SystemIds);
        let proof = ProofSecret::generate(&SystemIds);
        let keys = PrivateKeys::fixed((signing, verification.clone()), vault, &proof)?;
        let router = |environment: &Environment| -> Result<Router> {
            let machine = Machine {
                clock: Arc::clone(&clock) as Arc<_>,
                ids: Arc::new(SystemIds),
                metrics: Metrics::new("bench"),
            };
            let many = Limit { calls: 1_000_000, ..Limits::PRODUCTION.credentials };
            let limits = Limits { credentials: many, ..Limits::PRODUCTION };
            let edge = Edge::new(store(environment)?, &verification, machine, &[])?;
            Ok(auth::router(auth::App::new(edge.limited(limits), keys.clone())))
        };
        let (direct, metered) = (router(&direct)?, router(&metered)?);
        Ok(Self { clock, direct, metered, meter, _aws: aws })
    }

    /// Medians of the three ways a login can go, taken in turn so that all meet the same machine.
    async fn times(&self) -> Result<Table> {
        let mut table = Table::new("sign-in, ms", &["median", "p90"]);
        let mut hashes: Vec<Duration> = Vec::new();
        let kept = password::hash(PASSWORD, &SystemIds)?;
        for _ in 0..HASHES {
            let begun = Instant::now();
            black_box(password::verify(black_box(PASSWORD), &kept));
            hashes.push(begun.elapsed());
        }
        table.row("argon2id alone: 19 MiB, one core", cells(hashes)?);
        let mut kinds: [Vec<Duration>; 3] = Default::default();
        for number in 0..LOGINS {
            let nobody = format!("nobody{number}@example.com");
            for (kind, (email, password, expected)) in kinds.iter_mut().zip([
                (EMAIL, PASSWORD, StatusCode::OK),
                (EMAIL, "a wrong one", StatusCode::UNAUTHORIZED),
                (nobody.as_str(), "a wrong one", StatusCode::UNAUTHORIZED),
            ]) {
                self.clock.advance(HOUR_S);
                let begun = Instant::now();
                let (status, _) = sign_in(&self.direct, email, password).await?;
                kind.push(begun.elapsed());
                ensure!(status == expected, "{email} was answered {status}");
            }
        }
        let [right, wrong, nobody] = kinds;
        let (of_wrong, of_nobody) = (median(wrong.clone())?, median(nobody.clone())?);
        table.row("300 with the right password", cells(right)?);
        table.row("300 with a wrong password", cells(wrong)?);
        table.row("300 of addresses nobody has", cells(nobody)?);
        let difference = of_nobody - of_wrong;
        table.row(
            "difference of the last two, % of the median",
            [ratio(difference * Decimal::from(100), of_wrong), Value::Null],
        );
        Ok(table)
    }

    async fn units(&self) -> Result<Table> {
        let mut table = Table::new("sign-in units", &["writes", "reads", "calls"]);
        self.clock.advance(HOUR_S);
        let (_, answer) = sign_in(&self.metered, EMAIL, PASSWORD).await?;
        self.meter.take();
        self.clock.advance(HOUR_S);
        let (status, answer_again) = sign_in(&self.metered, EMAIL, PASSWORD).await?;
        ensure!(status == StatusCode::OK, "{status} {answer}");
        table.row("login", told(&self.meter.take()));
        self.clock.advance(HOUR_S);
        sign_in(&self.metered, EMAIL, "a wrong one").await?;
        table.row("login refused", told(&self.meter.take()));
        let token = json!({ "refresh_token": answer_again["refresh_token"] });
        let request = Request::post("/api/v1/auth/refresh")
            .header("content-type", "application/json")
            .body(Body::from(token.to_string()))?;
        let (status, tokens) = call(&self.metered, request).await?;
        ensure!(status == StatusCode::OK, "{status} {tokens}");
        table.row("refresh", told(&self.meter.take()));
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap_or_default());
        for name in ["authorised request, the first in a minute", "the next ones"] {
            let request = Request::get("/api/v1/auth/sessions").header("authorization", &bearer);
            let (status, _) = call(&self.metered, request.body(Body::empty())?).await?;
            ensure!(status == StatusCode::OK, "{status}");
            table.row(name, told(&self.meter.take()));
        }
        Ok(table)
    }
}

fn store(environment: &Environment) -> Result<Store> {
    let clients = AwsClients::new(environment)?;
    Ok(Store::of(clients, TableNames::of(environment)))
}

/// An organisation and the one person in it.
pub(crate) async fn hire(store: &Store, clock: &dyn Clock) -> Result<()> {
    let now = clock.now();
    let scope = TenantScope::found(clock, &SystemIds);
    let tenant = store.for_tenant(&scope);
    let user = User {
        id: UserId::mint(&SystemIds, now),
        email: EMAIL.parse()?,
        name: "Omar Haddad".to_owned(),
        role: TenantRole::Manager,
        status: UserStatus::Active,
        language: Language::En,
        phone: None,
        password_hash: password::hash(PASSWORD, &SystemIds)?,
        permission_version: 1,
        created_at: now,
        version: 1,
    };
    let mut transaction = tenant.transaction();
    transaction.insert_tenant(&testkit::tenant(&scope, "Gulf Horizon Contracting", now));
    transaction.insert_user(&user);
    ensure!(tenant.commit_once(transaction).await?, "somebody is there already");
    store.directory().list_account(&scope, &user.email, user.id).await?;
    Ok(())
}

pub(crate) async fn sign_in(
    router: &Router,
    email: &str,
    password: &str,
) -> Result<(StatusCode, Value)> {
    let body = json!({ "username": email, "password": password });
    let request = Request::post("/api/v1/auth/login")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))?;
    call(router, request).await
}

async fn call(router: &Router, request: Request<Body>) -> Result<(StatusCode, Value)> {
    let answer = router.clone().oneshot(request).await?;
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await?;
    Ok((status, serde_json::from_slice(&body)?))
}

fn median(mut times: Vec<Duration>) -> Result<Decimal> {
    times.sort_unstable();
    Ok(micros(percentile(&times, 50)?))
}

fn cells(mut times: Vec<Duration>) -> Result<[Value; 2]> {
    times.sort_unstable();
    let ms = |percent| -> Result<Value> {
        Ok(figure(micros(percentile(&times, percent)?) / Decimal::from(1_000)))
    };
    Ok([ms(50)?, ms(90)?])
}

fn told(spent: &Spent) -> [Value; 3] {
    let calls = spent.calls.iter().map(|(operation, count)| format!("{count} {operation}"));
    [figure(spent.writes), figure(spent.reads), calls.collect::<Vec<_>>().join(" ").into()]
}
