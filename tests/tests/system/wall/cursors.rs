//! Cursors: good for their own company, list and filter, whole and unchanged, for a day.

use serde_json::Value;
use tenancy::policy::{ROUTES, Route};

use super::asking::Ask;
use super::site::{By, Site};
use crate::office::Person;
use crate::openapi;

const INVALID: (u16, &str) = (400, "invalid_cursor");
/// Every character of a cursor is changed at the latest after so many cursors.
const STRIDE: usize = 5;
const DAY_S: i64 = 24 * 3_600;

/// A list of a company, and where its second page begins.
struct Place {
    /// A page of one.
    path: String,
    cursor: String,
}

impl Place {
    fn at(&self, cursor: &str) -> Ask {
        Ask::get(&self.path).query("cursor", cursor)
    }
}

/// The routes that answer in pages.
fn lists() -> Vec<&'static Route> {
    let document = openapi::document();
    let is_list = |route: &&Route| {
        let parameters = &document["paths"][route.path]["get"]["parameters"];
        let parameters = parameters.as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter: &Value| parameter["name"] == "cursor")
    };
    let lists: Vec<_> =
        ROUTES.iter().filter(|route| route.method == "GET").filter(is_list).collect();
    assert!(lists.len() >= 14, "only {} lists", lists.len());
    lists
}

async fn places(site: &Site, side: usize, owner: &Person) -> Vec<Place> {
    let company = &site.sides[side].company;
    let mut places = Vec::new();
    for route in lists() {
        let path = company.addressed(route.path, owner);
        let rows = if route.path.ends_with("/export") { "rows" } else { "limit" };
        let path = format!("{path}?{rows}=1");
        let by = By { person: owner, side: Some(side) };
        let first = site.ask("cursors that are good", by, &Ask::get(&path)).await;
        let cursor = first.header("x-next-cursor").map(str::to_owned);
        let cursor = cursor.unwrap_or_else(|| panic!("{path} has one page: {}", first.body));
        let place = Place { path, cursor };
        let next = site.ask("cursors that are good", by, &place.at(&place.cursor)).await;
        assert!(next.status.is_success(), "{}: {}", place.path, next.body);
        places.push(place);
    }
    places
}

pub(crate) async fn of_all_kinds(site: &Site) {
    let mut all = Vec::new();
    for side in 0..2 {
        all.push(places(site, side, &site.owner(side)).await);
    }
    for place in 0..2 {
        of_others(site, place, (&all[place], &all[1 - place])).await;
        misused(site, place, &all[place]).await;
        damaged(site, place, &all[place]).await;
    }
    of_a_colleague(site, &all).await;
    site.office.cloud.advance(DAY_S);
    for (side, places) in all.iter().enumerate() {
        let owner = site.owner(side);
        let by = By { person: &owner, side: Some(side) };
        for place in places {
            site.refused("cursors, a day old", by, &place.at(&place.cursor), INVALID).await;
        }
    }
}

/// Another company's, on the same list of one's own, by every role.
async fn of_others(site: &Site, side: usize, (own, foreign): (&[Place], &[Place])) {
    let kind = "cursors of another company";
    for (mine, theirs) in own.iter().zip(foreign) {
        for person in &site.sides[side].askers {
            let by = By { person, side: Some(side) };
            let ask = mine.at(&theirs.cursor);
            let answer = site.ask(kind, by, &ask).await;
            let is_refused = [400, 403, 404].contains(&answer.status.as_u16());
            if !is_refused {
                site.breach(kind, &ask, &format!("{} {}", answer.status, answer.body));
            }
        }
        // The same as one that nobody ever made.
        let by = site.sides[side].by(side);
        let made_up: String = theirs.cursor.chars().rev().collect();
        let (theirs, made_up) = (mine.at(&theirs.cursor), mine.at(&made_up));
        site.alike(kind, by, (&theirs, ""), (&made_up, "")).await;
    }
}

/// One's own, where they were not made.
async fn misused(site: &Site, side: usize, places: &[Place]) {
    let by = site.sides[side].by(side);
    for place in places {
        for other in places.iter().filter(|other| other.path != place.path) {
            let kind = "cursors of another list";
            site.refused(kind, by, &other.at(&place.cursor), INVALID).await;
        }
        for (name, value) in [("status", "done"), ("actor", "usr_1"), ("x", "1")] {
            let ask = place.at(&place.cursor).query(name, value);
            site.refused("cursors of another filter", by, &ask, INVALID).await;
        }
    }
}

/// One's own, changed or cut.
async fn damaged(site: &Site, side: usize, places: &[Place]) {
    let by = site.sides[side].by(side);
    for (number, place) in places.iter().enumerate() {
        let cursor = &place.cursor;
        for at in (number % STRIDE..cursor.len()).step_by(STRIDE) {
            let other = if &cursor[at..=at] == "A" { "B" } else { "A" };
            let flipped = format!("{}{other}{}", &cursor[..at], &cursor[at + 1..]);
            site.refused("cursors with a character changed", by, &place.at(&flipped), INVALID)
                .await;
        }
        for length in [0, 1, 2, 15, 16, 17, 40, cursor.len() - 2, cursor.len() - 1] {
            let cut = place.at(&cursor[..length]);
            site.refused("cursors cut off", by, &cut, INVALID).await;
        }
        let forged = ["A".repeat(cursor.len()), "MDAw".to_owned(), "x".repeat(1_025)];
        let longer = [format!("{cursor}A"), format!("{cursor}{cursor}"), format!("%00{cursor}")];
        for forged in forged.iter().chain(&longer) {
            site.refused("cursors made up", by, &place.at(forged), INVALID).await;
        }
    }
}

/// A colleague's is not secret, and shows nothing that the colleague alone may see.
async fn of_a_colleague(site: &Site, all: &[Vec<Place>]) {
    let kind = "cursors of a colleague";
    for (side, places) in all.iter().enumerate() {
        let company = &site.sides[side].company;
        for person in &site.sides[side].askers {
            let by = By { person, side: Some(side) };
            for place in places {
                let own = site.ask(kind, by, &Ask::get(&place.path)).await;
                let ask = place.at(&place.cursor);
                let answer = site.ask(kind, by, &ask).await;
                if answer.status.is_success() && !own.status.is_success() {
                    site.breach(kind, &ask, &format!("opened: {}", answer.body));
                }
            }
            // Members see the projects they are in, wherever their page begins.
            let seen = site.ask(kind, by, &Ask::get("/api/v1/projects")).await.body;
            let projects = places.iter().find(|place| place.path.contains("/projects?")).unwrap();
            let ask = projects.at(&projects.cursor);
            let shown = site.ask(kind, by, &ask).await.body;
            for project in [company.project, company.other_project] {
                let id = project.to_string();
                if shown.contains(&id) && !seen.contains(&id) {
                    site.breach(kind, &ask, &shown);
                }
            }
        }
    }
}
