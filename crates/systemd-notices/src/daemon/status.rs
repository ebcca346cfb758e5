//! What is watched, and what was told, for people.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use crate::daemon::arguments::Arguments;
use crate::daemon::ledger::{Ledger, LedgerFiles};
use crate::daemon::run::Listing;
use crate::notices_paths::NoticesPaths;
use crate::watch_list::WatchList;

/// Describes what is watched and what was told.
///
/// # Errors
///
/// Fails if the list or the ledger cannot be read.
pub(crate) fn status(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let paths = NoticesPaths::new(Path::new("/"), &arguments.unit);
    let folder = arguments.state_folder.clone().unwrap_or_else(|| paths.state_folder());
    let list = Listing::new(arguments.services.clone(), &folder);
    Ok(describe(&list.read()?, &LedgerFiles::new(&folder).read()?))
}

fn describe(list: &WatchList, ledger: &Ledger) -> String {
    let mut text = format!("{:<40} {:<20} {:<9} SINCE", "UNIT", "EVENTS", "TOLD");
    for service in list.iter() {
        let events = format!("service-{}-…", service.alias());
        let told = ledger.told.get(service.unit());
        let state = told.and_then(|told| told.state).map_or("nothing", |state| state.as_str());
        let since = told.map_or_else(String::new, |told| utc(told.microseconds / 1_000_000));
        write!(text, "\n{:<40} {events:<20} {state:<9} {since}", service.unit())
            .expect("a string takes everything");
    }
    if let Some(record) = &ledger.delivery {
        let begun = utc(record.ticket.begun);
        write!(text, "\nbeing told since {begun}: {}", record.notice.event_name())
            .expect("a string takes everything");
    }
    text
}

/// Writes seconds since 1970 as a date and time.
fn utc(seconds: u64) -> String {
    // The calendar of <https://howardhinnant.github.io/date_algorithms.html>.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::told::Told;

    #[test]
    fn shows_what_was_told_and_since_when() {
        let list: WatchList = "web.service web\nb.timer b failed\n".parse().unwrap();
        let mut ledger = Ledger::default();
        let told = Told {
            is_up: true,
            microseconds: 1_764_108_000_000_000,
            state: Some("active".parse().unwrap()),
            ..Told::default()
        };
        ledger.told.insert("web".parse().unwrap(), told);
        insta::assert_snapshot!(describe(&list, &ledger), @r"
        UNIT                                     EVENTS               TOLD      SINCE
        web.service                              service-web-…        active    2025-11-25 22:00:00 UTC
        b.timer                                  service-b-…          nothing
        ");
    }

    #[test]
    fn knows_the_calendar() {
        let dates = [0, 951_782_400, 1_764_108_000, 4_107_542_399].map(utc);
        insta::assert_snapshot!(dates.join("\n"), @r"
        1970-01-01 00:00:00 UTC
        2000-02-29 00:00:00 UTC
        2025-11-25 22:00:00 UTC
        2100-02-28 23:59:59 UTC
        ");
    }
}
