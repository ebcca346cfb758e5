//! `KeyList` against a plain model: a list of pairs, searched from the front.

use proptest::collection::vec;
use proptest::prelude::*;
use reactive_endpoints::{KeyList, KeyOrIndex, Keyed};

#[derive(Clone, Debug, Eq, PartialEq)]
struct Item(String, u8);

impl Keyed for Item {
    fn key(&self) -> &str {
        &self.0
    }
}

/// Where an item is meant to be.
#[derive(Clone, Debug)]
enum Place {
    Index(usize),
    Key(String),
}

impl Place {
    fn of(&self) -> KeyOrIndex<'_> {
        match self {
            Self::Index(index) => (*index).into(),
            Self::Key(key) => key.into(),
        }
    }

    fn find(&self, model: &[Item]) -> Option<usize> {
        match self {
            Self::Index(index) => Some(*index).filter(|index| *index < model.len()),
            Self::Key(key) => model.iter().position(|item| item.0 == *key),
        }
    }
}

/// What is done to a list.
#[derive(Clone, Debug)]
enum Step {
    Append(Item),
    Clear,
    Delete(Place),
    Extend(Vec<Item>),
    Pop(Place),
    Remove(Item),
    Set(Place, Item),
}

fn item() -> impl Strategy<Value = Item> {
    ("[a-d]", 0..4_u8).prop_map(|(key, value)| Item(key, value))
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![(0..6_usize).prop_map(Place::Index), "[a-e]".prop_map(Place::Key)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => item().prop_map(Step::Append),
        1 => Just(Step::Clear),
        2 => place().prop_map(Step::Delete),
        2 => vec(item(), 0..4).prop_map(Step::Extend),
        2 => place().prop_map(Step::Pop),
        2 => item().prop_map(Step::Remove),
        2 => (place(), item()).prop_map(|(place, item)| Step::Set(place, item)),
    ]
}

/// Does the same to both, and compares what comes of it.
fn perform(step: Step, list: &mut KeyList<Item>, model: &mut Vec<Item>) {
    match step {
        Step::Append(item) => {
            list.append(item.clone());
            model.push(item);
        }
        Step::Clear => {
            list.clear();
            model.clear();
        }
        Step::Delete(place) => {
            let found = place.find(model).map(|index| model.remove(index));
            assert_eq!(list.delete(place.of()), found.is_some());
        }
        Step::Extend(items) => {
            list.extend(items.clone());
            model.extend(items);
        }
        Step::Pop(place) => {
            let found = place.find(model).map(|index| model.remove(index));
            assert_eq!(list.pop(place.of()), found);
        }
        Step::Remove(item) => {
            let found = model.iter().position(|other| *other == item);
            assert_eq!(list.remove(&item), found.is_some());
            found.map(|index| model.remove(index));
        }
        Step::Set(place, item) => {
            let before =
                place.find(model).map(|index| std::mem::replace(&mut model[index], item.clone()));
            assert_eq!(list.set(place.of(), item.clone()), before.ok_or(item));
        }
    }
}

fn compare(list: &KeyList<Item>, model: &[Item]) {
    assert_eq!(**list, *model);
    assert_eq!((list.len(), list.is_empty()), (model.len(), model.is_empty()));
    let keys: Vec<&str> = model.iter().map(|item| item.0.as_str()).collect();
    assert_eq!(list.keys().collect::<Vec<_>>(), keys);
    assert!(list.values().eq(model));
    assert!(list.items().eq(keys.iter().copied().zip(model)));
    for key in ["a", "b", "c", "d", "e"] {
        let first = model.iter().find(|item| item.0 == key);
        assert_eq!(list.get(key), first);
        assert_eq!(list.contains_key(key), first.is_some());
        if let Some(first) = first {
            assert_eq!(list[key], *first);
        }
    }
    for index in 0..=model.len() {
        assert_eq!(list.get(index), model.get(index));
    }
    for item in model {
        assert!(list.contains(item));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_does_what_its_plain_model_does(steps in vec(step(), 0..24)) {
        let (mut list, mut model) = (KeyList::new(), Vec::new());
        for step in steps {
            perform(step, &mut list, &mut model);
            compare(&list, &model);
        }
    }
}
