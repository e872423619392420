//! Projects, members, tasks, costs and insights.

use domain::project::{Cost, Insight, Member, Project, Task};
use domain::{CostId, InsightId, ProjectId, Result, TaskId, UserId};

use crate::item::Item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction};

impl TenantStore {
    pub async fn project(&self, id: ProjectId) -> Result<Option<Project>> {
        self.get(&key::project(&self.scope, id)).await
    }

    /// All projects, newest first.
    pub async fn projects(&self, request: &PageRequest) -> Result<Page<Project>> {
        let stretch = Stretch {
            table: Table::Projects,
            index: Some(1),
            pk: key::projects_partition(&self.scope),
            prefix: "",
            newest_first: true,
        };
        self.indexed_records(&stretch, request).await
    }

    /// A user's memberships, newest project first.
    pub async fn memberships(&self, user: UserId, request: &PageRequest) -> Result<Page<Member>> {
        let stretch = Stretch {
            table: Table::Projects,
            index: Some(2),
            pk: key::user_partition(&self.scope, user),
            prefix: "P#",
            newest_first: true,
        };
        self.indexed_records(&stretch, request).await
    }

    /// The projects with these ids, in their order; absent ones are left out.
    pub async fn projects_by_id(&self, ids: &[ProjectId]) -> Result<Vec<Project>> {
        let keys: Vec<_> = ids
            .iter()
            .map(|id| key::project(&self.scope, *id))
            .map(|key| (key.pk, key.sk))
            .collect();
        self.get_many(Table::Projects, &keys).await
    }

    pub async fn member(&self, project: ProjectId, user: UserId) -> Result<Option<Member>> {
        self.get(&key::member(&self.scope, project, user)).await
    }

    pub async fn members(&self, project: ProjectId, request: &PageRequest) -> Result<Page<Member>> {
        self.records(&self.of_project(project, "M#", false), request).await
    }

    pub async fn task(&self, project: ProjectId, id: TaskId) -> Result<Option<Task>> {
        self.get(&key::task(&self.scope, project, id)).await
    }

    /// Tasks, newest first.
    pub async fn tasks(&self, project: ProjectId, request: &PageRequest) -> Result<Page<Task>> {
        self.records(&self.of_project(project, "K#", true), request).await
    }

    pub async fn cost(&self, project: ProjectId, id: CostId) -> Result<Option<Cost>> {
        self.get(&key::cost(&self.scope, project, id)).await
    }

    /// Costs, newest first.
    pub async fn costs(&self, project: ProjectId, request: &PageRequest) -> Result<Page<Cost>> {
        self.records(&self.of_project(project, "C#", true), request).await
    }

    pub async fn insight(&self, project: ProjectId, id: InsightId) -> Result<Option<Insight>> {
        self.get(&key::insight(&self.scope, project, id)).await
    }

    /// Insights, newest first.
    pub async fn insights(
        &self,
        project: ProjectId,
        request: &PageRequest,
    ) -> Result<Page<Insight>> {
        self.records(&self.of_project(project, "I#", true), request).await
    }

    fn of_project(&self, id: ProjectId, prefix: &'static str, newest_first: bool) -> Stretch {
        Stretch {
            table: Table::Projects,
            index: None,
            pk: key::project_partition(&self.scope, id),
            prefix,
            newest_first,
        }
    }
}

impl Transaction {
    pub fn insert_project(&mut self, project: &Project) {
        let item = Item::new(self.scope(), key::project(self.scope(), project.id), 1, project).map(
            |item| {
                item.indexed(
                    1,
                    key::projects_partition(self.scope()),
                    format!("P#{}", project.id.key()),
                )
            },
        );
        self.insert(Part::Project, item);
    }

    pub fn insert_member(&mut self, member: &Member) {
        let at = key::member(self.scope(), member.project, member.user);
        let item = Item::new(self.scope(), at, 1, member).map(|item| {
            let user = key::user_partition(self.scope(), member.user);
            item.indexed(2, user, format!("P#{}", member.project.key()))
        });
        self.insert(Part::Project, item);
    }

    pub fn insert_task(&mut self, task: &Task) {
        let item = self.task_item(task);
        self.insert(Part::Task, item);
    }

    /// Writes a task over its version `old`.
    pub fn replace_task(&mut self, task: &Task, old: u64) {
        let item = self.task_item(task);
        self.replace(Part::Task, item, old);
    }

    fn task_item(&self, task: &Task) -> Result<Item> {
        let at = key::task(self.scope(), task.project, task.id);
        Item::new(self.scope(), at, task.version, task)
    }

    pub fn insert_cost(&mut self, cost: &Cost) {
        let item = self.cost_item(cost);
        self.insert(Part::Cost, item);
    }

    /// Writes a cost over its version `old`.
    pub fn replace_cost(&mut self, cost: &Cost, old: u64) {
        let item = self.cost_item(cost);
        self.replace(Part::Cost, item, old);
    }

    fn cost_item(&self, cost: &Cost) -> Result<Item> {
        let at = key::cost(self.scope(), cost.project, cost.id);
        Item::new(self.scope(), at, cost.version, cost)
    }

    pub fn insert_insight(&mut self, insight: &Insight) {
        let at = key::insight(self.scope(), insight.project, insight.id);
        let item = Item::new(self.scope(), at, 1, insight);
        self.insert(Part::Insight, item);
    }
}
