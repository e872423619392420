//! What everybody says, decided by a seed.

use domain::Clock;
use serde_json::{Value, json};
use testkit::Dice;

use super::ledger::{Said, Want};
use super::phone;
use super::world::World;

/// Every so many messages one that cannot be read.
const POISON_EVERY: usize = 97;
const FIRST_POISON: usize = 20;
const ALBUM_PICTURES: usize = 10;

/// Somebody at a phone, writing to one firm.
pub(crate) struct Seat {
    pub(crate) firm: usize,
    pub(crate) phone: String,
    member: bool,
    calls: usize,
}

/// A call to make and what is in it.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) body: Vec<u8>,
    pub(crate) said: Vec<Said>,
}

/// Calls of one person: one step after the other, the calls of a step all at once.
pub(crate) type Steps = Vec<Vec<Call>>;

/// Writes the script as it is played: taps answer what came before.
pub(crate) struct Script {
    dice: Dice,
    seats: Vec<Seat>,
    count: usize,
    next_poison: usize,
    /// Buttons tapped already.
    tapped: Vec<String>,
}

impl Script {
    pub(crate) fn new(world: &World, seed: u64) -> Self {
        let firms = world.firms.iter().enumerate();
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
            seats: seats.collect(),
            count: 0,
            next_poison: FIRST_POISON,
            tapped: Vec::new(),
        }
    }

    pub(crate) fn seats(&self) -> usize {
        self.seats.len()
    }

    /// What each person does in a wave. The first one only opens conversations.
    pub(crate) fn wave(&mut self, world: &World, wave: usize) -> Vec<Steps> {
        let mut all = Vec::new();
        for seat in 0..self.seats.len() {
            let mut steps = Vec::new();
            let calls = 1 + self.dice.below(2);
            for _ in 0..calls {
                let messages = [1, 1, 2, 2, 3][self.dice.below(5)];
                let wants: Vec<Want> = (0..messages).map(|_| self.want(seat, wave)).collect();
                steps.push(vec![self.call(world, seat, &wants)]);
            }
            if wave == 2 && seat % 6 == 1 {
                steps.push(self.album(world, seat));
            }
            if wave == 1 && seat % 6 == 1 {
                steps.push(vec![self.notice(world, seat)]);
            }
            for button in self.offered(world, seat) {
                steps.push(vec![self.call(world, seat, &[Want::Tap(button.clone())])]);
                if self.dice.percent(20) {
                    steps.push(vec![self.call(world, seat, &[Want::Tap(button)])]);
                }
            }
            all.push(steps);
        }
        all
    }

    /// A message by the first member of the first firm.
    pub(crate) fn one(&mut self, world: &World, want: Want) -> Call {
        self.next_poison = usize::MAX;
        self.call(world, 0, &[want])
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
    fn offered(&mut self, world: &World, seat: usize) -> Vec<String> {
        let (firm, phone) = (&world.firms[self.seats[seat].firm], self.seats[seat].phone.clone());
        let mut offered = Vec::new();
        for copy in world.graph.copies(0) {
            if copy.number != firm.number || copy.to != phone {
                continue;
            }
            for button in copy.buttons() {
                let wanted = button.starts_with("cost.confirm/")
                    || (button.starts_with("task.cancel/") && self.dice.percent(15));
                if wanted && !self.tapped.contains(&button) {
                    self.tapped.push(button.clone());
                    offered.push(button);
                }
            }
        }
        offered
    }

    fn call(&mut self, world: &World, seat: usize, wants: &[Want]) -> Call {
        let call = self.seats[seat].calls;
        self.seats[seat].calls += 1;
        let mut said = Vec::new();
        let mut items = Vec::new();
        for (place, want) in wants.iter().enumerate() {
            let is_tap = matches!(want, Want::Tap(_));
            // Not the first call: only who was heard once is told of what others report.
            let is_poison = !is_tap && call > 0 && self.count >= self.next_poison;
            self.next_poison += if is_poison { POISON_EVERY } else { 0 };
            let want = if is_poison { Want::Quarantine } else { want.clone() };
            let new = self.said(seat, want, call, place);
            items.push(item(world, &new));
            said.push(new);
        }
        let firm = &world.firms[self.seats[seat].firm];
        Call { body: phone::body(firm, "messages", &items), said }
    }

    /// Pictures sent together come as so many calls at once.
    fn album(&mut self, world: &World, seat: usize) -> Vec<Call> {
        let call = self.seats[seat].calls;
        self.seats[seat].calls += 1;
        let firm = &world.firms[self.seats[seat].firm];
        let mut calls = Vec::new();
        for _ in 0..ALBUM_PICTURES {
            let said = self.said(seat, Want::Kept, call, 0);
            let at = world.cloud.clock.now().as_second();
            let caption = format!("{} {}", said.word, firm.canary);
            let image = json!({ "id": said.word, "mime_type": "image/jpeg", "caption": caption });
            let item = phone::message(&said.phone, &said.wamid, at, "image", &image);
            calls.push(Call { body: phone::body(firm, "messages", &[item]), said: vec![said] });
        }
        calls
    }

    /// Somebody rang: a change that is neither message nor status.
    fn notice(&mut self, world: &World, seat: usize) -> Call {
        self.count += 1;
        let Seat { firm, phone, .. } = &self.seats[seat];
        let firm = &world.firms[*firm];
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
fn item(world: &World, said: &Said) -> Value {
    let at = world.cloud.clock.now().as_second();
    let canary = &world.firms[said.firm].canary;
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

/// A word that means nothing in any language: `zq` and three letters.
fn word(number: usize) -> String {
    let letter = |place: u32| char::from(b"bcdfghjklm"[number / 10_usize.pow(place) % 10]);
    format!("zq{}{}{}", letter(2), letter(1), letter(0))
}
