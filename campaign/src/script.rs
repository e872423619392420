//! What everybody says, decided by a seed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::Dice;

use crate::firm::Firm;
use crate::graph::Copy;
use crate::ledger::{Said, Want};
use crate::phone;

const FIRST_POISON: usize = 20;
const ALBUM_PICTURES: usize = 10;

/// Somebody at a phone, writing to one firm.
pub struct Seat {
    pub firm: usize,
    pub phone: String,
    member: bool,
    calls: usize,
}

/// A call to make and what is in it.
#[derive(Clone)]
pub struct Call {
    pub body: Vec<u8>,
    pub said: Vec<Said>,
}

/// Calls of one person: one step after the other, the calls of a step all at once.
pub type Steps = Vec<Vec<Call>>;

/// What is said, how much at a time.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    /// Messages of a call; each number as likely as it is often here.
    pub sizes: &'static [usize],
    /// Every so many messages one that cannot be read, if any.
    pub poison_every: Option<usize>,
}

/// What the people see when they write.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub firms: &'a [Firm],
    /// What reached them so far.
    pub copies: &'a [Copy],
    pub now: Timestamp,
}

/// Writes the script as it is played: taps answer what came before.
pub struct Script {
    dice: Dice,
    mix: Mix,
    seats: Vec<Seat>,
    count: usize,
    next_poison: usize,
    /// Buttons tapped already.
    tapped: BTreeSet<String>,
}

impl Script {
    pub fn new(firms: &[Firm], seed: u64, mix: Mix) -> Self {
        let firms = firms.iter().enumerate();
        let seats = firms.flat_map(|(firm, found)| {
            found.people.iter().map(move |person| Seat {
                firm,
                phone: person.phone.clone(),
                member: person.role.is_some(),
                calls: 0,
            })
        });
        Self {
            dice: Dice::new(seed),
            mix,
            seats: seats.collect(),
            count: 0,
            next_poison: if mix.poison_every.is_some() { FIRST_POISON } else { usize::MAX },
            tapped: BTreeSet::new(),
        }
    }

    pub fn seats(&self) -> usize {
        self.seats.len()
    }

    /// What each person does in a wave. The first one only opens conversations.
    pub fn wave(&mut self, scene: &Scene<'_>, wave: usize) -> Vec<Steps> {
        let mut all = Vec::new();
        for seat in 0..self.seats.len() {
            let mut steps = Vec::new();
            let calls = 1 + self.dice.below(2);
            for _ in 0..calls {
                let messages = self.mix.sizes[self.dice.below(self.mix.sizes.len())];
                let wants: Vec<Want> = (0..messages).map(|_| self.want(seat, wave)).collect();
                steps.push(vec![self.call(scene, seat, &wants)]);
            }
            if wave == 2 && seat % 6 == 1 {
                steps.push(self.album(scene, seat));
            }
            if wave == 1 && seat % 6 == 1 {
                steps.push(vec![self.notice(scene, seat)]);
            }
            for button in self.offered(scene, seat) {
                steps.push(vec![self.call(scene, seat, &[Want::Tap(button.clone())])]);
                if self.dice.percent(20) {
                    steps.push(vec![self.call(scene, seat, &[Want::Tap(button)])]);
                }
            }
            all.push(steps);
        }
        all
    }

    /// A message by the first member of the first firm.
    pub fn one(&mut self, scene: &Scene<'_>, want: Want) -> Call {
        self.next_poison = usize::MAX;
        self.call(scene, 0, &[want])
    }

    fn want(&mut self, seat: usize, wave: usize) -> Want {
        if !self.seats[seat].member || wave == 0 {
            return Want::Kept;
        }
        match self.dice.below(100) {
            0..35 => Want::Task,
            35..70 => Want::Cost,
            70..78 => Want::Issue,
            _ => Want::Kept,
        }
    }

    /// The buttons this person was shown and has not tapped: every Confirm and a few Undos.
    fn offered(&mut self, scene: &Scene<'_>, seat: usize) -> Vec<String> {
        let (firm, phone) = (&scene.firms[self.seats[seat].firm], self.seats[seat].phone.clone());
        let mut offered = Vec::new();
        for copy in scene.copies {
            if copy.number != firm.number || copy.to != phone {
                continue;
            }
            for button in copy.buttons() {
                let wanted = button.starts_with("cost.confirm/")
                    || (button.starts_with("task.cancel/") && self.dice.percent(15));
                if wanted && !self.tapped.contains(&button) {
                    self.tapped.insert(button.clone());
                    offered.push(button);
                }
            }
        }
        offered
    }

    fn call(&mut self, scene: &Scene<'_>, seat: usize, wants: &[Want]) -> Call {
        let call = self.seats[seat].calls;
        self.seats[seat].calls += 1;
        let mut said = Vec::new();
        let mut items = Vec::new();
        for (place, want) in wants.iter().enumerate() {
            let is_tap = matches!(want, Want::Tap(_));
            // Not the first call: only who was heard once is told of what others report.
            let is_poison = !is_tap && call > 0 && self.count >= self.next_poison;
            self.next_poison += if is_poison { self.mix.poison_every.unwrap_or(0) } else { 0 };
            let want = if is_poison { Want::Quarantine } else { want.clone() };
            let new = self.said(seat, want, call, place);
            items.push(item(scene, &new));
            said.push(new);
        }
        let firm = &scene.firms[self.seats[seat].firm];
        Call { body: phone::body(firm, "messages", &items), said }
    }

    /// Pictures sent together come as so many calls at once.
    fn album(&mut self, scene: &Scene<'_>, seat: usize) -> Vec<Call> {
        let call = self.seats[seat].calls;
        self.seats[seat].calls += 1;
        let firm = &scene.firms[self.seats[seat].firm];
        let mut calls = Vec::new();
        for _ in 0..ALBUM_PICTURES {
            let said = self.said(seat, Want::Kept, call, 0);
            let at = scene.now.as_second();
            let caption = format!("{} {}", said.word, firm.canary);
            let image = json!({ "id": said.word, "mime_type": "image/jpeg", "caption": caption });
            let item = phone::message(&said.phone, &said.wamid, at, "image", &image);
            calls.push(Call { body: phone::body(firm, "messages", &[item]), said: vec![said] });
        }
        calls
    }

    /// Somebody rang: a change that is neither message nor status.
    fn notice(&mut self, scene: &Scene<'_>, seat: usize) -> Call {
        self.count += 1;
        let Seat { firm, phone, .. } = &self.seats[seat];
        let firm = &scene.firms[*firm];
        let id = format!("wacid.{}", self.count);
        let item = json!({ "id": id, "from": phone, "to": firm.number, "event": "terminate" });
        Call { body: phone::body_of("calls", firm, "calls", &[item]), said: Vec::new() }
    }

    fn said(&mut self, seat: usize, want: Want, call: usize, place: usize) -> Said {
        self.count += 1;
        let Seat { firm, phone, .. } = &self.seats[seat];
        Said {
            firm: *firm,
            phone: phone.clone(),
            wamid: format!("wamid.IN{}=", self.count),
            want,
            word: word(self.count),
            call,
            place,
        }
    }
}

/// A message in Meta's JSON.
fn item(scene: &Scene<'_>, said: &Said) -> Value {
    let at = scene.now.as_second();
    let canary = &scene.firms[said.firm].canary;
    let word = &said.word;
    let text = match &said.want {
        Want::Tap(button) => {
            let tap = phone::tap(button);
            return phone::message(&said.phone, &said.wamid, at, "interactive", &tap);
        }
        Want::Task => format!("please add a task: order the {word} tiles {canary}"),
        Want::Cost => format!("paid 1,500.50 AED for cement {word} {canary}"),
        Want::Issue => {
            format!("there is a big crack in column {word} {canary}, urgent, please look today")
        }
        Want::Kept | Want::Quarantine => format!("hello {word} {canary}"),
    };
    let mut item = phone::message(&said.phone, &said.wamid, at, "text", &json!({ "body": text }));
    if said.want == Want::Quarantine {
        item.as_object_mut().unwrap().remove("timestamp");
    }
    item
}

/// A word that means nothing in any language: `zq` and five letters.
fn word(number: usize) -> String {
    let letter = |place: u32| char::from(b"bcdfghjklm"[number / 10_usize.pow(place) % 10]);
    let letters: String = (0..5).rev().map(letter).collect();
    format!("zq{letters}")
}
