//! Under which names the API answers, and to whom.

use axum::body::Body;
use http::{HeaderValue, Method, Request};
use serde_json::json;
use store::Commit;
use tower::ServiceExt;

use super::site::signed;
use crate::office::{Answer, Company, Office};

const PROJECTS: &str = "/api/v1/projects";

async fn get(office: &Office, company: &Company, host: &str) -> Answer {
    office.call(&company.owner, (Method::GET, PROJECTS), &[("host", host)], Body::empty()).await
}

async fn claim(company: &Company, slug: &str) {
    let mut write = company.store.transaction();
    write.claim_slug(slug);
    assert_eq!(write.commit().await.unwrap(), Commit::Done);
}

#[tokio::test]
async fn only_our_own_names_are_answered() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    for host in ["api.example.com", "API.EXAMPLE.COM:443", "api.example.com."] {
        get(&office, &company, host).await.ok(200);
    }
    for host in ["evil.test", "api.example.com.evil.test", "a.b.app.example.com", "", "[::1]"] {
        get(&office, &company, host).await.problem(400, "invalid_host");
    }
    // What a proxy says of itself is nothing to us; two names are none.
    let forwarded = [("host", "api.example.com"), ("x-forwarded-host", "evil.test")];
    office.call(&company.owner, (Method::GET, PROJECTS), &forwarded, Body::empty()).await.ok(200);
    let two = [("host", "api.example.com"), ("host", "evil.test")];
    office
        .call(&company.owner, (Method::GET, PROJECTS), &two, Body::empty())
        .await
        .problem(400, "invalid_host");
    let absolute = Request::get("http://evil.test/api/v1/projects");
    let mut absolute = signed(&company.owner, absolute.body(Body::empty()).unwrap());
    absolute.headers_mut().insert("host", HeaderValue::from_static("api.example.com"));
    let router = projects::router(projects::App::new(office.edge.clone(), Vec::new()));
    let answer = Answer::of(router.oneshot(absolute).await.unwrap()).await;
    answer.problem(400, "invalid_host");
}

#[tokio::test]
async fn a_token_opens_nothing_under_another_organisations_sub_domain() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, "BETA").await;
    claim(&alfa, "alfa").await;
    claim(&beta, "beta").await;
    get(&office, &alfa, "alfa.app.example.com").await.ok(200);
    get(&office, &beta, "beta.app.example.com").await.ok(200);
    for host in ["beta.app.example.com", "BETA.app.example.com:443", "nobody.app.example.com"] {
        let refused = get(&office, &alfa, host).await;
        refused.problem(403, "tenant_mismatch");
        assert!(!refused.body.contains("BETA"), "{}", refused.body);
    }
    // Nobody in particular may look at the sign-in page's part of any of them.
    let keys = "/.well-known/jwks.json";
    for host in ["alfa.app.example.com", "nobody.app.example.com"] {
        let headers = [("host", host)];
        let nobody = Office::nobody();
        office.call(&nobody, (Method::GET, keys), &headers, Body::empty()).await.ok(200);
    }
    // Whose it is may change; that is seen within a minute.
    let mut write = beta.store.transaction();
    write.release_slug("beta");
    assert_eq!(write.commit().await.unwrap(), Commit::Done);
    claim(&alfa, "beta").await;
    office.cloud.advance(60);
    get(&office, &alfa, "beta.app.example.com").await.ok(200);
    get(&office, &beta, "beta.app.example.com").await.problem(403, "tenant_mismatch");
}

#[tokio::test]
async fn a_tenant_that_is_named_anywhere_is_refused() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let tenant = company.scope.tenant().to_string();
    for header in
        ["x-tenant-id", "X-Tenant", "x-org-id", "x-organization-id", "x-business-id", "x-tid"]
    {
        let headers = [(header, tenant.as_str())];
        let call =
            office.call(&company.owner, (Method::GET, PROJECTS), &headers, Body::empty()).await;
        call.problem(400, "tenant_not_accepted");
    }
    for name in ["tenant_id", "tenantId", "tenant%5Fid", "TENANT-ID", "tid", "org_id", "company_id"]
    {
        let path = format!("{PROJECTS}?limit=5&{name}={tenant}");
        office.get(&company.owner, &path).await.problem(400, "tenant_not_accepted");
    }
    let path = company.inbox("/messages");
    for name in ["tenant_id", "tenantId", "tid", "org_id", "organization_id", "business_id"] {
        let body = json!({ "content": "x", "message_type": "text", name: tenant });
        let refused = office.post(&company.agent, &path, &body).await;
        let problem = refused.problem(400, "tenant_not_accepted");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{name}"), "it is named");
    }
    assert_eq!(company.head().await.message_count, 1);
}
