//! Lists and items.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::office::{Answer, Company, Office, Person};

/// Follows the cursors of a list to its end; the ids in the order they came.
async fn enumerate(office: &Office, who: &Person, path: &str, name: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = path.to_owned();
    for _ in 0..100 {
        let answer = office.get(who, &next).await;
        let page = answer.ok(200);
        let items = page.as_array().or_else(|| page[name].as_array()).unwrap().clone();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(link) = answer.header("link") else {
            assert!(page.is_array() || page["has_more"] == false);
            assert_eq!(answer.header("x-next-cursor"), None);
            return ids;
        };
        assert!(link.ends_with("; rel=\"next\""), "{link}");
        assert!(page.is_array() || page["next_cursor"].as_str() == answer.header("x-next-cursor"));
        next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    panic!("{path} has no end");
}

#[tokio::test]
async fn pages_enumerate_everything_exactly_once() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    company.plan(&office, 24).await;
    for (path, count) in [
        (company.path("/tasks?limit=7"), 25),
        (company.path("/tasks?limit=1"), 25),
        (company.path("/tasks?limit=200"), 25),
        (company.path("/tasks?status=done&limit=5"), 8),
        (company.path("/tasks?limit=2&status=in_progress"), 1),
    ] {
        let ids = enumerate(&office, &company.owner, &path, "tasks").await;
        let different: BTreeSet<_> = ids.iter().collect();
        assert_eq!((ids.len(), different.len()), (count, count), "{path}");
    }
    for wrong in ["limit=0", "limit=201", "limit=many", "status=finished"] {
        let answer = office.get(&company.owner, &company.path(&format!("/tasks?{wrong}"))).await;
        let name = wrong.split('=').next().unwrap();
        assert_eq!(answer.problem(422, "validation")["errors"][0]["pointer"], name);
    }
}

#[tokio::test]
async fn a_member_sees_their_projects_and_a_manager_all() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let of =
        async |who: &Person| enumerate(&office, who, "/api/v1/projects?limit=1", "projects").await;
    let (tower, villa) = (company.project.to_string(), company.other_project.to_string());
    assert_eq!(of(&company.owner).await, [villa.clone(), tower.clone()]);
    assert_eq!(of(&company.member).await, [tower]);
    assert_eq!(of(&company.agent).await, Vec::<String>::new());

    let project = office.get(&company.member, &company.path("")).await.ok(200);
    assert_eq!(project["budget"], json!({ "amount": "2000000.00", "currency": "AED" }));
    assert_eq!(project["spent"], json!({ "amount": "250000.50", "currency": "AED" }));
    assert_eq!(
        (&project["budget_used_percent"], &project["progress"]),
        (&json!("12.5"), &json!(33))
    );
    assert_eq!(project["totals"], json!({ "tasks": 3, "tasks_done": 1, "insights_open": 1 }));

    for (rest, name) in [
        ("/tasks", "tasks"),
        ("/costs", "costs"),
        ("/insights", "insights"),
        ("/members", "members"),
    ] {
        let list = office.get(&company.member, &company.path(rest)).await.ok(200);
        assert_eq!(list[name].as_array().map(Vec::len), Some(1), "{list}");
        office.get(&company.agent, &company.path(rest)).await.problem(404, "not_found");
        let elsewhere = format!("/api/v1/projects/{villa}{rest}");
        office.get(&company.member, &elsewhere).await.problem(404, "not_found");
    }
    let costs = office.get(&company.owner, &company.path("/costs")).await.ok(200);
    assert_eq!(costs["costs"][0]["money"], json!({ "amount": "250000.50", "currency": "AED" }));

    let body = |answer: Answer| -> Value {
        let mut problem = answer.problem(404, "not_found");
        problem.as_object_mut().unwrap().remove("request_id");
        problem
    };
    let foreign = body(office.get(&company.member, &format!("/api/v1/projects/{villa}")).await);
    let absent =
        body(office.get(&company.member, "/api/v1/projects/prj_00000000000000000000000000").await);
    let no_id = body(office.get(&company.member, "/api/v1/projects/prj_7").await);
    assert_eq!((&foreign, &absent), (&absent, &no_id));
}

#[tokio::test]
async fn messages_are_an_array_and_the_cursor_leads_to_older_ones() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    for place in 0..6 {
        office.cloud.advance(1);
        let body = json!({ "content": format!("number {place}"), "message_type": "text" });
        office.post(&company.agent, &company.inbox("/messages"), &body).await.ok(201);
    }
    let latest = office.get(&company.agent, &company.inbox("/messages?limit=3")).await.ok(200);
    let words: Vec<_> =
        latest.as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect();
    assert_eq!(words, ["number 3", "number 4", "number 5"]);
    let ids = enumerate(&office, &company.agent, &company.inbox("/messages?limit=3"), "").await;
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 7);
    assert_eq!(ids.len(), 7);

    let inbox = office.get(&company.agent, "/api/v1/conversations").await.ok(200);
    assert_eq!(inbox["conversations"].as_array().map(Vec::len), Some(1));
    assert_eq!((&inbox["next_cursor"], &inbox["has_more"]), (&Value::Null, &json!(false)));
    office.get(&company.member, "/api/v1/conversations").await.problem(403, "forbidden");
    office.get(&company.agent, "/api/v1/quarantine").await.problem(403, "forbidden");
}
