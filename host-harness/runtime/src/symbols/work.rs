//! A bound on what debug data takes to be read.
//!
//! Units of debug data may share tables of abbreviations, line programs and lists of ranges, and a reader goes through them once for
//! each unit (lists of ranges: once for each function) that names them. So their sizes are added up as often as they are named.

use addr2line::gimli::{
    AttributeValue, DW_AT_ranges, DW_FORM_implicit_const, Dwarf, EndianSlice, LittleEndian, Reader as _, Section as _,
    Unit,
};

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// The most memory that reading may take, in bytes, by the estimates below.
const BUDGET: u64 = 256 << 20;

/// Bytes that a reader keeps for each byte of a unit, a table of abbreviations and a line program, and for each range.
const PER_UNIT_BYTE: u64 = 4;
const PER_ABBREVIATION_BYTE: u64 = 8;
const PER_LINE_BYTE: u64 = 24;
const PER_RANGE: u64 = 32;

/// Whether all of it can be read with the memory that there is for it. Debug data that is damaged is not.
pub(super) fn is_bounded(dwarf: &Dwarf<Slice<'_>>) -> bool {
    Budget(BUDGET).units(dwarf).is_some()
}

/// What is left.
struct Budget(u64);

impl Budget {
    fn spend(&mut self, count: usize, each: u64) -> Option<()> {
        self.0 = self.0.checked_sub((count as u64).checked_mul(each)?)?;
        Some(())
    }

    fn units(&mut self, dwarf: &Dwarf<Slice<'_>>) -> Option<()> {
        let mut units = dwarf.units();
        while let Some(header) = units.next().ok()? {
            self.spend(header.length_including_self(), PER_UNIT_BYTE)?;
            let mut table = *dwarf.debug_abbrev.reader();
            table.skip(header.debug_abbrev_offset().0).ok()?;
            self.spend(length_of_abbreviations(table)?, PER_ABBREVIATION_BYTE)?;
            let unit = dwarf.unit(header).ok()?;
            if let Some(program) = &unit.line_program {
                self.spend(program.header().unit_length(), PER_LINE_BYTE)?;
            }
            self.ranges(dwarf, &unit)?;
        }
        Some(())
    }

    /// All lists of ranges that entries of the unit name.
    fn ranges(&mut self, dwarf: &Dwarf<Slice<'_>>, unit: &Unit<Slice<'_>>) -> Option<()> {
        let mut entries = unit.entries_raw(None).ok()?;
        while !entries.is_empty() {
            let Some(abbreviation) = entries.read_abbreviation().ok()? else { continue };
            for attribute in abbreviation.attributes() {
                let attribute = entries.read_attribute(*attribute).ok()?;
                if attribute.name() == DW_AT_ranges {
                    self.list(dwarf, unit, attribute.value())?;
                }
            }
        }
        Some(())
    }

    fn list(
        &mut self,
        dwarf: &Dwarf<Slice<'_>>,
        unit: &Unit<Slice<'_>>,
        value: AttributeValue<Slice<'_>>,
    ) -> Option<()> {
        let Some(offset) = dwarf.attr_ranges_offset(unit, value).ok()? else { return Some(()) };
        let mut ranges = dwarf.raw_ranges(unit, offset).ok()?;
        while ranges.next().ok()?.is_some() {
            self.spend(1, PER_RANGE)?;
        }
        Some(())
    }
}

/// Length in bytes of the table of abbreviations that begins here.
fn length_of_abbreviations(mut table: Slice<'_>) -> Option<usize> {
    let all = table.len();
    while table.read_uleb128().ok()? != 0 {
        // The tag, and whether there are children.
        table.read_uleb128().ok()?;
        table.read_u8().ok()?;
        loop {
            let (name, form) = (table.read_uleb128().ok()?, table.read_uleb128().ok()?);
            if form == u64::from(DW_FORM_implicit_const.0) {
                table.read_sleb128().ok()?;
            }
            if (name, form) == (0, 0) {
                break;
            }
        }
    }
    Some(all - table.len())
}

#[cfg(test)]
mod tests {
    use addr2line::gimli::{Error, SectionId};

    use super::*;

    /// One abbreviation: a unit without children, with a lowest address and a list of ranges.
    const ABBREVIATIONS: &[u8] = &[1, 0x11, 0, 0x11, 0x01, 0x55, 0x17, 0, 0, 0];

    /// So many units of DWARF 4, each with the same list of so many ranges.
    fn bounded(units: usize, ranges: u32) -> bool {
        let content = [&[4, 0][..], &[0; 4], &[4], &[1], &[0; 4], &[0; 4]].concat();
        let unit = [&(content.len() as u32).to_le_bytes()[..], &content].concat();
        let info = unit.repeat(units);
        let pairs = (0..ranges).flat_map(|index| [index * 2 + 1, index * 2 + 2]).chain([0, 0]);
        let list: Vec<u8> = pairs.flat_map(u32::to_le_bytes).collect();
        let section = |id: SectionId| {
            let bytes = match id {
                SectionId::DebugInfo => &info[..],
                SectionId::DebugAbbrev => ABBREVIATIONS,
                SectionId::DebugRanges => &list[..],
                _ => &[],
            };
            Ok::<_, Error>(EndianSlice::new(bytes, LittleEndian))
        };
        is_bounded(&Dwarf::load(section).expect("no section is refused"))
    }

    #[test]
    fn what_is_shared_counts_as_often_as_it_is_named() {
        assert!(bounded(1, 3000));
        assert!(bounded(3000, 1));
        // 84 KB of module, and nine million ranges.
        assert!(!bounded(3000, 3000));
    }
}
