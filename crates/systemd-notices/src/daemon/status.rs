//! What is watched, what was told, and what is still to be told, for people.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::daemon::arguments::Arguments;
use crate::daemon::clock::{boot_id, since_boot};
use crate::daemon::delivery::Ticket;
use crate::daemon::ledger::{Ledger, LedgerFiles};
use crate::daemon::run::Listing;
use crate::notices_paths::NoticesPaths;
use crate::watch_list::WatchList;

/// Describes what is watched, what was told, and what is still to be told.
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
    let mut text = row("UNIT", "EVENTS", "TOLD", "SINCE", "PENDING");
    for service in list.iter() {
        let told = ledger.told.get(service.unit());
        let state = told.and_then(|told| told.state).map_or("nothing", |state| state.as_str());
        let since = told.filter(|told| told.state.is_some());
        let since = since.map_or_else(String::new, |told| time(told.microseconds));
        let pending = ledger.pending.get(service.unit()).map_or_else(String::new, |change| {
            format!("{} since {}", change.state, time(change.microseconds))
        });
        let events = format!("service-{}-…", service.alias());
        text += "\n";
        text += &row(service.unit().as_str(), &events, state, &since, &pending);
    }
    if let Some(record) = &ledger.delivery {
        let way = match (record.ticket.process.is_running(), time_of(&record.ticket)) {
            (true, Some(begun)) => format!("being told since {}", utc(begun)),
            (false, Some(begun)) => format!("last tried at {}", utc(begun)),
            (_, None) => "last tried before the machine was started".to_owned(),
        };
        write!(text, "\n{way}: {}", record.notice.event_name()).expect("a string takes everything");
    }
    text
}

fn row(unit: &str, events: &str, told: &str, since: &str, pending: &str) -> String {
    let row = format!("{unit:<40} {events:<24} {told:<12} {since:<24} {pending}");
    row.trim_end().to_owned()
}

/// Returns when the delivery of `ticket` has begun, in seconds since 1970,
/// unless that was before this boot.
fn time_of(ticket: &Ticket) -> Option<u64> {
    if boot_id().ok()? != ticket.boot {
        return None;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Some(now.saturating_sub(since_boot().as_secs().saturating_sub(ticket.begun)))
}

/// Writes microseconds since 1970 as a date and time. A unit that has not
/// changed since the machine was started has none.
fn time(microseconds: u64) -> String {
    if microseconds == 0 { "the boot".to_owned() } else { utc(microseconds / 1_000_000) }
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
    use crate::daemon::pending::Change;
    use crate::daemon::told::{Rumour, Told};

    #[test]
    fn shows_what_was_told_and_what_is_pending_and_since_when() {
        let list = "web.service web\nb.timer b failed\nc.service c\nd.service d\n";
        let list: WatchList = list.parse().unwrap();
        let mut ledger = Ledger::default();
        let told = Told {
            is_up: true,
            microseconds: 1_764_108_000_000_000,
            state: Some("active".parse().unwrap()),
            ..Told::default()
        };
        let rumour = Some(Rumour { invocation: None });
        let unsure = Told { rumour, ..Told::default() };
        let going = Told { state: Some("deactivating".parse().unwrap()), ..told.clone() };
        ledger.told.insert("web".parse().unwrap(), told);
        ledger.told.insert("c".parse().unwrap(), unsure);
        ledger.told.insert("d".parse().unwrap(), going);
        let state = "failed".parse().unwrap();
        let change = Change { state, microseconds: 1_764_109_000_000_000 };
        ledger.pending.insert("web".parse().unwrap(), change);
        insta::assert_snapshot!(describe(&list, &ledger), @r"
        UNIT                                     EVENTS                   TOLD         SINCE                    PENDING
        web.service                              service-web-…            active       2025-11-25 22:00:00 UTC  failed since 2025-11-25 22:16:40 UTC
        b.timer                                  service-b-…              nothing
        c.service                                service-c-…              nothing
        d.service                                service-d-…              deactivating 2025-11-25 22:00:00 UTC
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
