//! People, tasks, projects and suppliers, against those offered.

use domain::{Currency, Language};

use super::check_with;
use crate::Hints;

fn offered() -> Hints {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Hints {
        language: Some(Language::En),
        currency: Some(Currency::AED),
        people: list(&[
            "Ahmed Hassan",
            "Mohammed Al-Farsi",
            "Khalid Ibrahim",
            "Hussein Nasser",
            "Иван Петров",
            "Дмитрий Соколов",
            "سعيد المنصوري",
            "Abu Omar",
            "Ali Reza",
            "Ahmed Zaki",
        ]),
        tasks: list(&[
            "Waterproofing of the roof slab",
            "Pour columns of the second floor",
            "تركيب شدة السقف",
            "Кладка стен третьего этажа",
            "Install MEP sleeves",
        ]),
        projects: list(&["Marina Tower", "فيلا الورد", "ЖК Северный"]),
        suppliers: list(&["Al Noor Ready Mix LLC", "Gulf Steel Industries", "ООО СтройБетон"]),
    }
}

#[test]
fn people_in_any_script_with_typos_endings_and_nicknames() {
    check_with(
        &offered(),
        &[
            ("ask Khalid to check", "person Khalid Ibrahim"),
            ("khaled is late", "person Khalid Ibrahim"),
            ("Kahlid is late", "person Khalid Ibrahim"),
            ("خالد تأخر", "person Khalid Ibrahim"),
            ("قول لخالد", "person Khalid Ibrahim"),
            ("Халид не пришёл", "person Khalid Ibrahim"),
            ("скажи Халиду", "person Khalid Ibrahim"),
            ("Khalid's team", "person Khalid Ibrahim"),
            ("Ahmed said so", "person Ahmed Hassan; person Ahmed Zaki"),
            ("Ahmed Hassan said so", "person Ahmed Hassan"),
            ("أحمد زكي", "person Ahmed Zaki"),
            ("eng. mohamed", "person Mohammed Al-Farsi"),
            ("محمد الفارسي", "person Mohammed Al-Farsi"),
            ("Farsi will come", "person Mohammed Al-Farsi"),
            ("Mo will come", "person Mohammed Al-Farsi"),
            ("حسين بالموقع", "person Hussein Nasser"),
            ("hussain nasser", "person Hussein Nasser"),
            ("Ivan works", "person Иван Петров"),
            ("передай Ивану", "person Иван Петров"),
            ("с Петровым", "person Иван Петров"),
            ("Дима сделает", "person Дмитрий Соколов"),
            ("Dmitry", "person Дмитрий Соколов"),
            ("saeed", "person سعيد المنصوري"),
            ("ابو عمر", "person Abu Omar"),
            ("abu omar is here", "person Abu Omar"),
            ("Omar is here", ""),
            ("Abu Khalid is here", ""),
            ("المهندس علي", "person Ali Reza"),
            ("على السقف", ""),
            ("علي السقف", ""),
            ("Ali will fix", "person Ali Reza"),
            ("the slab is done", ""),
            ("hammer and nails", ""),
        ],
    );
}

#[test]
fn tasks_projects_and_suppliers() {
    check_with(
        &offered(),
        &[
            (
                "waterproofing of the roof slab is done",
                "about Waterproofing of the roof slab; at roof slab",
            ),
            ("waterproofing roof finished", "about Waterproofing of the roof slab; at roof"),
            ("خلصنا تركيب الشدة بالسقف", "about تركيب شدة السقف"),
            (
                "закончили кладку стен на третьем этаже",
                "about Кладка стен третьего этажа; at третьем этаже",
            ),
            ("mep sleeves 60%", "about Install MEP sleeves; 60%"),
            ("the gate is broken", ""),
            ("at Marina tower", "project Marina Tower"),
            ("project marina is late", "project Marina Tower"),
            ("مشروع المارينا", "project Marina Tower"),
            ("في فيلا الورد", "project فيلا الورد"),
            ("на объекте Северный", "project ЖК Северный"),
            ("concrete from Al Noor", "supplier Al Noor Ready Mix LLC"),
            ("من شركة النور", "supplier Al Noor Ready Mix LLC"),
            ("paid Gulf Steel 500 aed", "supplier Gulf Steel Industries; 500 AED"),
            ("от СтройБетона", "supplier ООО СтройБетон"),
            ("steel is late", ""),
        ],
    );
}

#[test]
fn only_the_first_hundred_are_looked_at() {
    let mut hints = offered();
    hints.people = (0..150).map(|number| format!("Worker{number} Zz")).collect();
    hints.people.push("Khalid Ibrahim".to_owned());
    check_with(&hints, &[("ask Khalid", "")]);
}
