//! Numbers as people read them.

use std::time::Duration;

use super::{Text, line};

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(number: u64) -> Text {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    line(text)
}

/// A number of bytes in the largest binary unit that leaves at least 1, rounded down to one decimal.
pub(crate) fn bytes(number: u64) -> Text {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if number >> shift > 0 {
            let tenths = (u128::from(number) * 10) >> shift;
            return line(format_args!("{}.{} {unit}", tenths / 10, tenths % 10));
        }
    }
    line(format_args!("{number} B"))
}

/// A duration in milliseconds with one decimal.
pub(crate) fn duration(duration: Duration) -> Text {
    line(format_args!("{:.1} ms", duration.as_secs_f64() * 1000.0))
}

/// `part` of `whole` in percent, with one decimal.
pub(crate) fn percent(part: u64, whole: u64) -> Text {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    line(format_args!("{}.{}%", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_groups_of_three() {
        let shown = [0, 999, 1000, 123_456, 1_234_567, u64::MAX].map(|number| thousands(number).to_string());
        assert_eq!(shown, ["0", "999", "1,000", "123,456", "1,234,567", "18,446,744,073,709,551,615"]);
    }

    #[test]
    fn bytes_are_rounded_down() {
        let shown = [0, 1023, 1024, 190_669, (1 << 20) - 1, 1 << 20, 3 << 30].map(|number| bytes(number).to_string());
        assert_eq!(shown, ["0 B", "1023 B", "1.0 KiB", "186.2 KiB", "1023.9 KiB", "1.0 MiB", "3.0 GiB"]);
    }

    #[test]
    fn percentages() {
        assert_eq!(
            [percent(1, 3), percent(5, 5), percent(0, 0)].map(|text| text.to_string()),
            ["33.3%", "100.0%", "0.0%"]
        );
    }
}
