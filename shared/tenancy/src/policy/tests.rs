use std::collections::BTreeSet;

use domain::role::{ProjectRole, TenantRole};

use super::{Action, ROUTES, RULES, Reach, allows_in_project, reach, rule};

/// A new action that is not added here does not compile the tests.
fn all() -> Vec<Action> {
    let named = |action| match action {
        Action::OwnAccount
        | Action::ReadOrganization
        | Action::ChangeOrganization
        | Action::ManageChannels
        | Action::ReadUsers
        | Action::InviteUsers
        | Action::ManageUsers
        | Action::ReadKeys
        | Action::ManageKeys
        | Action::ReadAudit
        | Action::ExportAudit
        | Action::ReadPolicy
        | Action::ReadProjects
        | Action::ReadTasks
        | Action::ChangeTasks
        | Action::ReadCosts
        | Action::ConfirmCosts
        | Action::ReportFromSite
        | Action::ManageProject
        | Action::ReadConversations
        | Action::AnswerConversations
        | Action::ForceTakeovers
        | Action::RepairPipeline => action,
    };
    RULES.iter().map(|rule| named(rule.action)).collect()
}

#[test]
fn every_action_has_one_rule_and_every_route_one_row() {
    let actions = all();
    assert_eq!(actions.iter().collect::<BTreeSet<_>>().len(), actions.len());
    assert_eq!(actions.len(), 23);
    let rows: BTreeSet<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(rows.len(), ROUTES.len());
}

#[test]
fn a_lower_role_never_reaches_further() {
    for action in all() {
        let reaches: Vec<Reach> =
            TenantRole::ALL.into_iter().map(|role| reach(role, action)).collect();
        assert!(reaches.is_sorted_by(|higher, lower| higher >= lower), "{action:?} {reaches:?}");
    }
}

#[test]
fn what_is_reached_by_membership_asks_for_the_role_in_the_project() {
    for action in all() {
        let by_membership =
            TenantRole::ALL.into_iter().any(|role| reach(role, action) == Reach::Member);
        let allowed = ProjectRole::ALL.into_iter().any(|role| allows_in_project(role, action));
        assert_eq!(by_membership, allowed, "{action:?}");
    }
    assert!(!allows_in_project(ProjectRole::Viewer, Action::ReportFromSite));
    assert!(allows_in_project(ProjectRole::Buyer, Action::ConfirmCosts));
    assert!(rule(Action::ManageKeys).needs_fresh_proof);
}
