//! One company's data as they stand in storage.

use anyhow::Result;
use domain::audit::AuditEntry;
use domain::conversation::Conversation;
use domain::message::Message;
use domain::project::{Cost, Insight, Project, Task};
use store::{AuditFilter, Page, PageRequest};

use crate::System;
use crate::seed::Seeded;

/// Everything of a company that the day may have changed.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) conversations: Vec<Conversation>,
    /// Of all conversations.
    pub(super) messages: Vec<Message>,
    pub(super) understood: usize,
    pub(super) quarantined: usize,
    pub(super) project: Option<Project>,
    pub(super) tasks: Vec<Task>,
    pub(super) costs: Vec<Cost>,
    pub(super) insights: Vec<Insight>,
    /// The audit log.
    pub(super) told: Vec<AuditEntry>,
    /// Entries of it that are not in its chain yet.
    pub(super) unlinked: usize,
    /// What its verification found.
    pub(super) tampered: usize,
}

impl Account {
    pub(super) async fn read(system: &System, company: &Seeded) -> Result<Self> {
        let tenant = &system.tenant(company);
        let conversations = every(async |request| tenant.conversations(&request).await).await?;
        let mut messages = Vec::new();
        let mut understood = 0;
        for conversation in &conversations {
            let id = conversation.id;
            let of_one = every(async |request| tenant.messages(id, &request).await).await?;
            for message in &of_one {
                let proof = tenant.proof(id, message.id).await?;
                understood += usize::from(proof.is_some_and(|p| p.understanding.is_some()));
            }
            messages.extend(of_one);
        }
        let quarantined = every(async |request| tenant.quarantined(&request).await).await?;
        let project = company.project;
        let now = system.clock().now();
        let all = AuditFilter::default();
        let told = every(async |request| tenant.audit_entries(&all, &request, now).await).await?;
        let checked = every(async |request| {
            let page = tenant.verify_audit(&request, None, now).await?;
            let next = page.next.clone();
            Ok(Page { items: vec![page], next })
        });
        let checked = checked.await?;
        Ok(Self {
            told,
            unlinked: checked.iter().map(|page| page.pending).sum(),
            tampered: checked.iter().map(|page| page.findings.len()).sum(),
            messages,
            understood,
            quarantined: quarantined.len(),
            project: tenant.project(project).await?,
            tasks: every(async |request| tenant.tasks(project, &request).await).await?,
            costs: every(async |request| tenant.costs(project, &request).await).await?,
            insights: every(async |request| tenant.insights(project, &request).await).await?,
            conversations,
        })
    }
}

/// All pages of a list.
async fn every<T>(
    read: impl AsyncFn(PageRequest) -> domain::Result<Page<T>>,
) -> domain::Result<Vec<T>> {
    let mut request = PageRequest::first(PageRequest::MAX_LIMIT);
    let mut all = Vec::new();
    loop {
        let page = read(request.clone()).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(all),
        }
    }
}
