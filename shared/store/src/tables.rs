//! The way in: a client, the table names, and one tenant's view of them.

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_sdk_dynamodb::Client;
use telemetry::{Environment, Setting};
use tenancy::TenantScope;

use crate::directory::Directory;
use crate::erasure::Erasures;
use crate::guards::Guards;
use crate::tenant_guard::{GuardedClients, Lazy};

/// The deployed names of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNames {
    pub directory: String,
    pub tenants: String,
    pub projects: String,
    pub conversations: String,
    pub jobs: String,
    pub guards: String,
    pub audit: String,
}

impl TableNames {
    /// The names a function's environment gives. A function is given the tables it may touch; the
    /// others have no name, and DynamoDB refuses them.
    pub fn of(environment: &Environment) -> Self {
        let name = |setting| environment.optional(setting).unwrap_or_default().to_owned();
        Self {
            directory: name(Setting::DirectoryTable),
            tenants: name(Setting::TenantsTable),
            projects: name(Setting::ProjectsTable),
            conversations: name(Setting::ConversationsTable),
            jobs: name(Setting::JobsTable),
            guards: name(Setting::GuardsTable),
            audit: name(Setting::AuditTable),
        }
    }
}

/// The tables. Has no data methods of its own: see [`Store::for_tenant`].
#[derive(Debug, Clone)]
pub struct Store {
    /// Guarded: asks only for what is this store's to ask for.
    pub(crate) client: Lazy,
    clients: Arc<GuardedClients>,
    pub(crate) names: Arc<TableNames>,
    pub(crate) erasures: Arc<Erasures>,
}

impl Store {
    /// The tables that the clients reach. No client is made before something is asked: making
    /// them is most of what a function could do before its first event.
    pub fn of(clients: AwsClients, names: TableNames) -> Self {
        Self::lazily(move || clients.dynamodb().clone(), names)
    }

    /// The same with a client that is there already.
    pub fn new(client: Client, names: TableNames) -> Self {
        Self::lazily(move || client, names)
    }

    fn lazily(client: impl FnOnce() -> Client + Send + 'static, names: TableNames) -> Self {
        let names = Arc::new(names);
        let clients = GuardedClients::new(client, Arc::clone(&names));
        Self {
            client: clients.of_nobody(),
            clients: Arc::new(clients),
            names,
            erasures: Arc::default(),
        }
    }

    /// What is known before a tenant is: phone number ids, e-mail addresses.
    pub fn directory(&self) -> Directory {
        Directory::new(self.clone())
    }

    /// Limits on what is asked before anybody is known, as at login.
    pub fn guards(&self) -> Guards {
        Guards::new(self.clone())
    }

    /// One tenant's data, and nobody else's.
    ///
    /// ```compile_fail
    /// async fn read(store: &store::Store, id: domain::ProjectId) {
    ///     store.project(id).await;
    /// }
    /// ```
    ///
    /// ```
    /// async fn read(store: &store::Store, scope: &tenancy::TenantScope, id: domain::ProjectId) {
    ///     let _ = store.for_tenant(scope).project(id).await;
    /// }
    /// ```
    pub fn for_tenant(&self, scope: &TenantScope) -> TenantStore {
        let store = Self { client: self.clients.of_tenant(scope), ..self.clone() };
        TenantStore { store, scope: scope.clone() }
    }
}

/// One tenant's view of the tables.
#[derive(Debug, Clone)]
pub struct TenantStore {
    pub(crate) store: Store,
    pub(crate) scope: TenantScope,
}

impl TenantStore {
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }
}

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Directory,
    Tenants,
    Projects,
    Conversations,
    Jobs,
    Guards,
    Audit,
}

impl Table {
    /// As the documents call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Tenants => "tenants",
            Self::Projects => "projects",
            Self::Conversations => "conversations",
            Self::Jobs => "jobs",
            Self::Guards => "guards",
            Self::Audit => "audit",
        }
    }
}

impl Store {
    /// Asks for what is nobody's, or everybody's.
    pub(crate) fn of_nobody(&self) -> Lazy {
        self.clients.of_nobody()
    }

    pub(crate) fn name(&self, table: Table) -> &str {
        match table {
            Table::Directory => &self.names.directory,
            Table::Tenants => &self.names.tenants,
            Table::Projects => &self.names.projects,
            Table::Conversations => &self.names.conversations,
            Table::Jobs => &self.names.jobs,
            Table::Guards => &self.names.guards,
            Table::Audit => &self.names.audit,
        }
    }
}
