//! Short and familiar names.

use super::sound::Sound;

/// The familiar name and the names it may stand for. Russian ones without their last vowel.
const NICKNAMES: [(&str, &[&str]); 58] = [
    ("mo", &["mohammed", "mohamed"]),
    ("moe", &["mohammed", "mohamed"]),
    ("hamoudi", &["mohammed", "ahmed"]),
    ("hamada", &["mohammed", "ahmed"]),
    ("hamudi", &["mohammed", "ahmed"]),
    ("حموده", &["محمد", "احمد"]),
    ("حماده", &["محمد", "احمد"]),
    ("ميدو", &["محمد", "احمد"]),
    ("abboud", &["abdullah", "abdulrahman"]),
    ("عبود", &["عبدالله", "عبدالرحمن"]),
    ("خلودي", &["خالد"]),
    ("joe", &["joseph", "yousef"]),
    ("mike", &["michael"]),
    ("alex", &["alexander", "alexey"]),
    ("sam", &["samuel", "samir", "sameer"]),
    ("tony", &["anthony", "antoine"]),
    ("bob", &["robert"]),
    ("rob", &["robert"]),
    ("dave", &["david"]),
    ("steve", &["steven", "stephen"]),
    ("chris", &["christopher"]),
    ("tom", &["thomas"]),
    ("jim", &["james"]),
    ("dan", &["daniel"]),
    ("nick", &["nicholas", "nikolay"]),
    ("andy", &["andrew"]),
    ("matt", &["matthew"]),
    ("ben", &["benjamin"]),
    ("max", &["maxim", "maksim"]),
    ("ron", &["ronald"]),
    ("raj", &["rajesh", "rajesh kumar", "rajendra"]),
    ("jon", &["jonathan", "john"]),
    ("саш", &["александр", "александра"]),
    ("сан", &["александр"]),
    ("санек", &["александр"]),
    ("дим", &["дмитрии"]),
    ("димон", &["дмитрии"]),
    ("паш", &["павел"]),
    ("миш", &["михаил"]),
    ("кол", &["николаи"]),
    ("колян", &["николаи"]),
    ("вов", &["владимир"]),
    ("володь", &["владимир"]),
    ("волод", &["владимир"]),
    ("вас", &["василии"]),
    ("ван", &["иван"]),
    ("леш", &["алексеи"]),
    ("леха", &["алексеи"]),
    ("лех", &["алексеи"]),
    ("серег", &["сергеи"]),
    ("сереж", &["сергеи"]),
    ("жен", &["евгении"]),
    ("юр", &["юрии"]),
    ("кост", &["константин"]),
    ("андрюх", &["андреи"]),
    ("толик", &["анатолии"]),
    ("гош", &["георгии"]),
    ("рус", &["руслан"]),
];

/// A nickname is less than a name.
const FIT: u8 = 75;

/// How well a nickname fits a name, of a hundred.
pub(super) fn fit(word: &str, name: &Sound) -> u8 {
    let russian = word.starts_with(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
    let stem = word.strip_suffix(['а', 'я', 'у', 'ю', 'е', 'и', 'ы', 'ь']).filter(|_| russian);
    let stands_for = |names: &[&str]| names.iter().any(|full| name.fit(full) >= 80);
    let known = NICKNAMES.iter().any(|(nickname, names)| {
        let short = russian && nickname.chars().count() < 5;
        let same = if short {
            stem == Some(nickname)
        } else {
            stem.unwrap_or(word) == *nickname || word == *nickname
        };
        same && stands_for(names)
    });
    if known { FIT } else { 0 }
}
