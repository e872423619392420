use domain::Ids;

use super::{
    CommonPasswords, NOBODY, TODAY, Unfit, check_new, hash, is_outdated, verify, verify_nobody,
};

struct Ones;

impl Ids for Ones {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(1);
    }
}

#[test]
fn a_hash_says_its_parameters_and_knows_its_password() {
    let phc = hash("correct horse", &Ones).unwrap();
    assert!(phc.starts_with(TODAY) && !is_outdated(&phc), "{phc}");
    assert!(verify("correct horse", &phc));
    for (password, phc) in [("correct hors", phc.as_str()), ("", &phc), ("x", "plain text")] {
        assert!(!verify(password, phc), "{password} {phc}");
    }
}

#[test]
fn a_bcrypt_hash_of_another_system_is_accepted_and_outdated() {
    // Of the test vectors that came with crypt_blowfish.
    for (password, kept) in [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
    ] {
        assert!(verify(password, kept), "{kept}");
        assert!(!verify("another", kept) && is_outdated(kept));
    }
    assert!(!verify("x", "$2b$05$short"));
    assert!(is_outdated("$argon2id$v=19$m=4096,t=1,p=1$c2FsdHNhbHQ$aGFzaA"));
}

#[test]
fn nobody_is_a_hash_of_the_same_cost() {
    let hash = argon2::PasswordHash::new(NOBODY).unwrap();
    assert!(hash.hash.is_some() && hash.salt.is_some());
    assert!(NOBODY.starts_with(TODAY));
    assert!(!verify_nobody("anything"));
}

#[test]
fn a_new_password_is_long_uncommon_and_not_ones_own_name() {
    let check = |password: &str| check_new(password, "omar.haddad@example.com", "Omar Haddad");
    for (password, fault) in [
        ("short", Unfit::TooShort),
        ("elevenchars", Unfit::TooShort),
        (&"x9".repeat(65), Unfit::TooLong),
        ("Password1234", Unfit::Common),
        ("P@ssw0rd!!!!2024", Unfit::Common),
        ("qwertyuiop12", Unfit::Common),
        ("liverpoolliverpool", Unfit::Common),
        ("123456789012", Unfit::Common),
        ("abcdefghijklmnop", Unfit::Common),
        ("aaaaaaaaaaaaaa", Unfit::Common),
        ("10293847561029384756", Unfit::Common),
        ("omar.haddad2026", Unfit::Personal),
        ("Omar Haddad!!", Unfit::Personal),
        ("omar.haddad@example.com", Unfit::Personal),
    ] {
        assert_eq!(check(password), Err(fault), "{password}");
    }
    for password in [
        "correct horse battery staple",
        "tower-crane-sings-at-9",
        "Kx7#pQ2v!mZ4",
        "خرسانة مسلحة جيدة جدا",
        &"long enough ".repeat(10),
    ] {
        assert_eq!(check(password), Ok(()), "{password}");
    }
}

/// What the filter says of texts that were never put into it: with 24 bits and 16 probes for each
/// of its words, one in ninety thousand is taken for one of them.
#[test]
fn the_filter_knows_its_words_and_errs_once_in_many_thousands() {
    let bundled = CommonPasswords::bundled();
    for word in ["password", "123456", "qwerty", "iloveyou", "dragon", "zxcvbnm", "1q2w3e4r"] {
        assert!(bundled.has(word), "{word}");
    }
    let asked = 300_000_u32;
    let wrong = (0..asked).filter(|n| bundled.has(&format!("nobody's password {n:x}"))).count();
    assert!(wrong <= 15, "{wrong} of {asked}: more than one in twenty thousand");
    let fill = bundled.fill_percent();
    assert!((45..=52).contains(&fill), "{fill} % of the bits are set: another rate than stated");
}

#[test]
fn a_filter_has_what_was_put_into_it() {
    let words: Vec<String> = (0..5_000).map(|n| format!("word {n}")).collect();
    let filter = CommonPasswords::of(words.iter().map(String::as_str));
    assert!(words.iter().all(|word| filter.has(word)));
    let wrong = (0..5_000).filter(|n| filter.has(&format!("other {n}"))).count();
    assert!(wrong <= 3, "{wrong}");
}
