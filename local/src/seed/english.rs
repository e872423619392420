//! Gulf Horizon Contracting, Dubai: works in English, with a Russian-speaking engineer.

use domain::project::{CostStatus, Priority, TaskStatus};
use domain::{Currency, Language};

use super::people::{Company, Login, Person, PlannedCost, PlannedTask, Role};

pub(super) const COMPANY: Company = Company {
    key: "gulf-horizon",
    name: "Gulf Horizon Contracting",
    language: Language::En,
    time_zone: "Asia/Dubai",
    currency: Currency::AED,
    phone_number_id: "106540352242922",
    display_phone: "+971 4 555 0100",
    people: PEOPLE,
    project: "Marina Heights Tower",
    budget: 12_500_000,
    tasks: TASKS,
    costs: COSTS,
};

const PEOPLE: &[Person] = &[
    Person {
        name: "Omar Haddad",
        title: "Site foreman",
        phone: "+971501110001",
        language: Language::En,
        role: Role::FOREMAN,
        login: None,
    },
    Person {
        name: "Elena Sokolova",
        title: "Инженер (engineer)",
        phone: "+971501110002",
        language: Language::Ru,
        role: Role::ENGINEER,
        login: None,
    },
    Person {
        name: "Sara Mitchell",
        title: "Project manager",
        phone: "+971501110003",
        language: Language::En,
        role: Role::MANAGER,
        login: Some(Login { email: "sara@gulf-horizon.example", password: "Site-Office-4471" }),
    },
    Person {
        name: "Nadia Rahman",
        title: "Office",
        phone: "+971501110004",
        language: Language::En,
        role: Role::OFFICE,
        login: Some(Login { email: "nadia@gulf-horizon.example", password: "Front-Desk-9082" }),
    },
    Person {
        name: "James Whitfield",
        title: "Owner",
        phone: "+971501110005",
        language: Language::En,
        role: Role::OWNER,
        login: Some(Login { email: "james@gulf-horizon.example", password: "Marina-Tower-2026" }),
    },
];

const TASKS: &[PlannedTask] = &[
    PlannedTask {
        title: "Pour the level 7 slab",
        status: TaskStatus::InProgress,
        priority: Priority::High,
        progress: 60,
        due_in_days: 2,
        location: Some("level 7"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "Install fire doors on level 3",
        status: TaskStatus::InProgress,
        priority: Priority::Medium,
        progress: 40,
        due_in_days: 5,
        location: Some("level 3"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "Plaster the lobby walls",
        status: TaskStatus::NotStarted,
        priority: Priority::Medium,
        progress: 0,
        due_in_days: 9,
        location: Some("lobby"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "Approve the curtain wall shop drawings",
        status: TaskStatus::Blocked,
        priority: Priority::High,
        progress: 20,
        due_in_days: -1,
        location: None,
        assignee: Role::ENGINEER,
    },
    PlannedTask {
        title: "Test the riser pipes in block B",
        status: TaskStatus::NotStarted,
        priority: Priority::High,
        progress: 0,
        due_in_days: 4,
        location: Some("block B"),
        assignee: Role::ENGINEER,
    },
    PlannedTask {
        title: "Dismantle the tower crane",
        status: TaskStatus::NotStarted,
        priority: Priority::Low,
        progress: 0,
        due_in_days: 40,
        location: Some("yard"),
        assignee: Role::MANAGER,
    },
    PlannedTask {
        title: "Excavate the basement",
        status: TaskStatus::Done,
        priority: Priority::High,
        progress: 100,
        due_in_days: -30,
        location: Some("basement"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "Waterproof the foundation",
        status: TaskStatus::Done,
        priority: Priority::Critical,
        progress: 100,
        due_in_days: -18,
        location: Some("basement"),
        assignee: Role::FOREMAN,
    },
];

const COSTS: &[PlannedCost] = &[
    PlannedCost {
        description: "Ready-mix concrete, level 6 slab",
        amount: 84_500,
        status: CostStatus::Confirmed,
        days_ago: 12,
    },
    PlannedCost {
        description: "Reinforcement steel, 22 t",
        amount: 61_600,
        status: CostStatus::Confirmed,
        days_ago: 9,
    },
    PlannedCost {
        description: "Tower crane hire, month",
        amount: 38_000,
        status: CostStatus::Confirmed,
        days_ago: 6,
    },
    PlannedCost {
        description: "Diesel for generators",
        amount: 2_350,
        status: CostStatus::Proposed,
        days_ago: 1,
    },
    PlannedCost {
        description: "Second invoice for the same sand",
        amount: 4_100,
        status: CostStatus::Rejected,
        days_ago: 4,
    },
];
