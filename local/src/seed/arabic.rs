//! شركة البناء الحديث, Riyadh: works in Arabic.

use domain::project::{CostStatus, Priority, TaskStatus};
use domain::{Currency, Language};

use super::people::{Company, Login, Person, PlannedCost, PlannedTask, Role};

pub(super) const COMPANY: Company = Company {
    key: "modern-building",
    name: "شركة البناء الحديث",
    language: Language::Ar,
    time_zone: "Asia/Riyadh",
    currency: Currency::SAR,
    phone_number_id: "206540352242933",
    display_phone: "+966 11 555 0200",
    people: PEOPLE,
    project: "مجمع الياسمين السكني",
    budget: 9_800_000,
    tasks: TASKS,
    costs: COSTS,
};

const PEOPLE: &[Person] = &[
    Person {
        name: "أحمد الزهراني",
        title: "مراقب الموقع",
        phone: "+966501110001",
        language: Language::Ar,
        role: Role::FOREMAN,
        login: None,
    },
    Person {
        name: "ليلى القحطاني",
        title: "مهندسة",
        phone: "+966501110002",
        language: Language::Ar,
        role: Role::ENGINEER,
        login: None,
    },
    Person {
        name: "خالد العتيبي",
        title: "مدير المشروع",
        phone: "+966501110003",
        language: Language::Ar,
        role: Role::MANAGER,
        login: Some(Login {
            email: "khaled@modern-building.example",
            password: "Yasmin-Gate-7315",
        }),
    },
    Person {
        name: "نورة الحربي",
        title: "المكتب",
        phone: "+966501110004",
        language: Language::Ar,
        role: Role::OFFICE,
        login: None,
    },
    Person {
        name: "فهد الدوسري",
        title: "المالك",
        phone: "+966501110005",
        language: Language::Ar,
        role: Role::OWNER,
        login: Some(Login { email: "fahd@modern-building.example", password: "Riyadh-North-2026" }),
    },
];

const TASKS: &[PlannedTask] = &[
    PlannedTask {
        title: "صب سقف الدور الثالث",
        status: TaskStatus::InProgress,
        priority: Priority::High,
        progress: 70,
        due_in_days: 3,
        location: Some("الدور الثالث"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "تمديد الكهرباء في المبنى ب",
        status: TaskStatus::InProgress,
        priority: Priority::Medium,
        progress: 35,
        due_in_days: 8,
        location: Some("المبنى ب"),
        assignee: Role::ENGINEER,
    },
    PlannedTask {
        title: "لياسة الواجهة الشمالية",
        status: TaskStatus::NotStarted,
        priority: Priority::Medium,
        progress: 0,
        due_in_days: 14,
        location: Some("الواجهة الشمالية"),
        assignee: Role::FOREMAN,
    },
    PlannedTask {
        title: "اعتماد عينات الرخام",
        status: TaskStatus::Blocked,
        priority: Priority::High,
        progress: 10,
        due_in_days: -2,
        location: None,
        assignee: Role::MANAGER,
    },
    PlannedTask {
        title: "فحص شبكة مياه الحريق",
        status: TaskStatus::NotStarted,
        priority: Priority::Critical,
        progress: 0,
        due_in_days: 6,
        location: Some("القبو"),
        assignee: Role::ENGINEER,
    },
    PlannedTask {
        title: "حفر الأساسات",
        status: TaskStatus::Done,
        priority: Priority::High,
        progress: 100,
        due_in_days: -45,
        location: None,
        assignee: Role::FOREMAN,
    },
];

const COSTS: &[PlannedCost] = &[
    PlannedCost {
        description: "خرسانة جاهزة للأساسات",
        amount: 96_000,
        status: CostStatus::Confirmed,
        days_ago: 20,
    },
    PlannedCost {
        description: "حديد تسليح ١٨ طن",
        amount: 54_900,
        status: CostStatus::Confirmed,
        days_ago: 11,
    },
    PlannedCost {
        description: "إيجار رافعة",
        amount: 12_500,
        status: CostStatus::Proposed,
        days_ago: 2,
    },
];
