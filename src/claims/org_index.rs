//! Where in the text of the org map each org stands: a hash table in the part of the caller's buffer behind the payload.
//!
//! It finds an org without a walk over the others, and an id that occurs twice in time linear in the number of orgs: an
//! index that takes more steps to build than ids do that were not chosen to collide is given up.

use super::org_entry::OrgEntry;
use crate::hash::fnv1a;
use crate::json::{JsonObject, Malformed, Reader, Source, Span, Strings, Typed, Validator, name_at};

/// Octets of a slot: the position before an entry in the text of the map, little-endian; zero, where its brace stands, if
/// the slot is free.
const SLOT_LEN: usize = 3;
const _: () = assert!(crate::limits::MAX_TOKEN_LEN < 1 << (8 * SLOT_LEN));

/// The shortest entry and its comma, `"":{"user_role":null},`, have 22 octets, so a quarter of the slots remains free.
const OCTETS_PER_SLOT: usize = 16;

/// Steps to build the index, as a multiple of its slots. With as many orgs as fit, it is one on the average.
const STEPS_PER_SLOT: usize = 4;

/// Octets of the table for a payload of so many.
pub(crate) const fn index_len(payload_len: usize) -> usize {
    (payload_len / OCTETS_PER_SLOT).saturating_mul(SLOT_LEN)
}

/// The table, filled.
#[derive(Clone, Copy)]
pub(crate) struct OrgIndex<'a> {
    slots: &'a [[u8; SLOT_LEN]],
}

/// The table while it is filled.
pub(crate) struct OrgIndexBuilder<'a> {
    slots: &'a mut [[u8; SLOT_LEN]],
    steps_left: usize,
}

impl<'a> OrgIndexBuilder<'a> {
    pub(crate) fn new(scratch: &'a mut [u8]) -> Self {
        let slots = scratch.as_chunks_mut().0;
        Self { steps_left: slots.len().saturating_mul(STEPS_PER_SLOT), slots }
    }

    /// Reads the org map. Besides where it is, says whether it is an object in which no id occurs twice, ids do not
    /// collide beyond chance, and every org is good.
    pub(crate) fn read_map(&mut self, json: &mut Validator<'_>) -> Result<(Typed<Span>, bool), Malformed> {
        let start = json.position();
        if !json.enter_object()? {
            return Ok((json.value(Strings::Kept)?, false));
        }
        self.slots.fill([0; SLOT_LEN]);
        let mut is_good = true;
        loop {
            let position = json.position().saturating_sub(start);
            let Some(id) = json.name_span()? else { break };
            let map = json.text().get(start..).unwrap_or_default();
            // After the first org that is no good nothing is entered any more: the table has room for good ones.
            is_good = is_good && self.insert(map, position, id.of_octets(json.text()));
            is_good &= OrgEntry::read(json)?.is_some_and(|org| org.is_good());
        }
        Ok((json.object_from(start), is_good))
    }

    /// Enters the member of this name before which the position is, unless there is one of this name.
    fn insert(&mut self, map: &[u8], position: usize, id: &[u8]) -> bool {
        let Some((free, None)) = probe(map, self.slots, id, &mut self.steps_left) else { return false };
        let Some(slot) = self.slots.get_mut(free) else { return false };
        let [low, middle, high, ..] = position.to_le_bytes();
        *slot = [low, middle, high];
        true
    }

    pub(crate) fn finish(self) -> OrgIndex<'a> {
        OrgIndex { slots: self.slots }
    }
}

impl<'a> OrgIndex<'a> {
    /// A reader at the org of this id, in the map that the index was built for.
    pub(crate) fn find(self, map: JsonObject<'a>, id: &str) -> Option<Reader<'a>> {
        let (_, position) = probe(map.raw().as_bytes(), self.slots, id.as_bytes(), &mut self.slots.len())?;
        let mut reader = map.reader_at(position?);
        reader.name()?;
        Some(reader)
    }
}

/// The slot that has this id and the position of its member, or else the slot that is free for it; nothing if there is
/// none, or once no step is left.
fn probe(map: &[u8], slots: &[[u8; SLOT_LEN]], id: &[u8], steps_left: &mut usize) -> Option<(usize, Option<usize>)> {
    let start = (fnv1a(id.iter().copied()) as usize).checked_rem(slots.len())?;
    let (before, from_start) = slots.split_at_checked(start)?;
    for (slot, &[low, middle, high]) in (start..).zip(from_start).chain((0..).zip(before)) {
        let position = u32::from_le_bytes([low, middle, high, 0]) as usize;
        if position == 0 {
            return Some((slot, None));
        }
        if name_at(map, position) == Some(id) {
            return Some((slot, Some(position)));
        }
        *steps_left = steps_left.checked_sub(1)?;
    }
    None
}
