//! `GET /api/v1/projects/{project_id}/tasks`

use axum::Json;
use axum::extract::State;
use domain::project::{Priority, Task, TaskStatus};
use domain::{Error, MessageId, ProjectId, TaskId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use store::{Page, PageRequest, TenantStore};
use tenancy::policy::Action;
use utoipa::ToSchema;
use web::openapi::{OfItem, OfList, PageParameters, Usual};
use web::{NextPage, Paging, PathId, Problem, SignedIn};

use crate::{App, reading};

/// Pages of the store that one filtered page may take; then the caller goes on by cursor.
const STORE_PAGES_MAX: usize = 3;

/// The tasks of a project, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{project_id}/tasks",
    tag = "projects",
    params(
        ("project_id" = String, Path, example = "prj_01jv8z0c9q0000000000000000"),
        ("status" = Option<String>, Query, description = "Only tasks that stand like this: \
            not_started, in_progress, blocked, done or cancelled. A page may then hold fewer \
            tasks than asked for and still have a next one.", example = "in_progress"),
        PageParameters
    ),
    responses(
        (status = 200, description = "A page of tasks", body = TaskPage), Usual, OfItem, OfList
    ),
    security(("token" = []))
)]
pub(crate) async fn list_tasks(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ProjectId>,
    paging: Paging,
) -> Result<(NextPage, Json<TaskPage>), Problem> {
    let (store, project) = reading::project(&app, &caller, id, Action::ReadTasks).await?;
    let status = paging.parameter("status").map(status_of).transpose()?;
    let page = filtered(&store, project.id, paging.request(&caller)?, status).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = TaskPage {
        tasks: page.items.into_iter().map(TaskAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

fn status_of(text: &str) -> domain::Result<TaskStatus> {
    serde_json::from_value(Value::String(text.to_owned()))
        .map_err(|_| Error::field("status", "unknown", "expected a task status"))
}

/// Never reads more than is still wanted, so that the last task read is the last one returned.
async fn filtered(
    store: &TenantStore,
    project: ProjectId,
    mut request: PageRequest,
    status: Option<TaskStatus>,
) -> domain::Result<Page<Task>> {
    let wanted = request.limit;
    let mut items = Vec::new();
    for _ in 0..STORE_PAGES_MAX {
        request.limit = wanted.saturating_sub(items.len());
        let page = store.tasks(project, &request).await?;
        items.extend(
            page.items.into_iter().filter(|task| status.is_none_or(|status| task.status == status)),
        );
        request.after = page.next;
        if request.after.is_none() || items.len() >= wanted {
            break;
        }
    }
    Ok(Page { items, next: request.after })
}

/// A page of tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskPage {
    tasks: Vec<TaskAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// A piece of work.
#[derive(Debug, Serialize, ToSchema)]
struct TaskAnswer {
    #[schema(value_type = String, example = "tsk_01jv8z0c9q0000000000000000")]
    id: TaskId,
    #[schema(value_type = String, example = "prj_01jv8z0c9q0000000000000000")]
    project_id: ProjectId,
    #[schema(example = "Fix the waterproofing on roof block C")]
    title: String,
    #[schema(value_type = String, example = "in_progress")]
    status: TaskStatus,
    #[schema(value_type = String, example = "high")]
    priority: Priority,
    #[schema(minimum = 0, maximum = 100, example = 30)]
    progress: u8,
    #[schema(value_type = Option<String>, example = "2026-03-05")]
    due_on: Option<Date>,
    #[schema(value_type = Option<String>, example = "usr_01jv8z0c9q0000000000000000")]
    assignee_id: Option<UserId>,
    #[schema(example = "roof, block C")]
    location: Option<String>,
    #[schema(value_type = Option<String>)]
    created_by: Option<UserId>,
    /// The message that caused it.
    #[schema(value_type = Option<String>, example = "msg_01jv8z0c9q0000000000000000")]
    source_message_id: Option<MessageId>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    updated_at: Timestamp,
    version: u64,
}

impl From<Task> for TaskAnswer {
    fn from(task: Task) -> Self {
        Self {
            id: task.id,
            project_id: task.project,
            title: task.title,
            status: task.status,
            priority: task.priority,
            progress: task.progress,
            due_on: task.due_on,
            assignee_id: task.assignee,
            location: task.location,
            created_by: task.created_by,
            source_message_id: task.source,
            created_at: task.created_at,
            updated_at: task.updated_at,
            version: task.version,
        }
    }
}
