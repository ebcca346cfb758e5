//! What has passed, what has failed, and what was left out.

use std::fmt::Write as _;

/// The sum of a test run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    passed: usize,
    failed: Vec<String>,
    left_out: Vec<String>,
}

/// What one part of the run gave.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    /// A check, which passes or fails as a whole.
    Check(bool),
    /// Something this machine cannot run, and why.
    LeftOut(String),
    /// A run of tests.
    Tests(TestCount),
}

/// What the test programs of one run counted.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct TestCount {
    pub(super) passed: usize,
    pub(super) failed: Vec<String>,
    pub(super) ignored: usize,
    /// Tests that a program said it would run, less those it gave a result for.
    pub(super) unfinished: usize,
    /// Whether cargo itself succeeded; it fails without a count when a test
    /// program does not compile or dies.
    pub(super) succeeded: bool,
}

impl TestCount {
    /// Counts one line of a test program's output.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(name) =
            line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED"))
        {
            self.failed.push(name.to_owned());
        } else if let Some(announced) = line.strip_prefix("running ") {
            self.unfinished += sum(announced, " test");
        } else if let Some(sums) = line.strip_prefix("test result: ") {
            self.passed += sum(sums, " passed");
            self.ignored += sum(sums, " ignored");
            let results = [" passed", " failed", " ignored", " measured"];
            let finished = results.iter().map(|word| sum(sums, word)).sum();
            self.unfinished = self.unfinished.saturating_sub(finished);
        }
    }
}

/// Returns the number in front of a word, as in `ok. 12 passed; 0 failed`.
fn sum(sums: &str, word: &str) -> usize {
    let number = sums.split(word).next().and_then(|before| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

impl Tally {
    pub(super) fn add(&mut self, part: &str, outcome: Outcome) {
        match outcome {
            Outcome::Check(passed) => self.check(part, passed),
            Outcome::LeftOut(reason) => self.left_out.push(format!("{part}: {reason}")),
            Outcome::Tests(count) => {
                self.passed += count.passed;
                if count.unfinished > 0 {
                    let number = count.unfinished;
                    self.failed.push(format!("{part}: {number} without a result, see above"));
                } else if !count.succeeded && count.failed.is_empty() {
                    self.failed.push(format!("{part}: cargo failed, see above"));
                } else if count.passed == 0 && count.failed.is_empty() {
                    self.failed.push(format!("{part}: not one has run"));
                }
                self.failed.extend(count.failed);
                if count.ignored > 0 {
                    self.left_out.push(format!("{part}: {} marked `ignore`", count.ignored));
                }
            }
        }
    }

    pub(super) fn check(&mut self, name: &str, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed.push(name.to_owned());
        }
    }

    /// Whether nothing failed; when `strict`, whether nothing was left out either.
    pub(super) fn succeeded(&self, strict: bool) -> bool {
        self.failed.is_empty() && (!strict || self.left_out.is_empty())
    }

    /// Returns the closing lines; the last is `N passed, M failed`.
    pub(super) fn report(&self, strict: bool) -> String {
        let mut report = String::new();
        for name in &self.failed {
            let _ = writeln!(report, "failed: {name}");
        }
        for reason in &self.left_out {
            let _ = writeln!(report, "left out: {reason}");
        }
        let failed = self.failed.len() + if strict { self.left_out.len() } else { 0 };
        if self.left_out.is_empty() {
            let _ = writeln!(report, "left out: 0");
        } else {
            let verdict = if strict { ", each counted as a failure" } else { "" };
            let _ = writeln!(report, "left out: {} (see above){verdict}", self.left_out.len());
        }
        let _ = writeln!(report, "{} passed, {failed} failed", self.passed);
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(lines: &str, succeeded: bool) -> Outcome {
        let mut count = TestCount { succeeded, ..TestCount::default() };
        lines.lines().for_each(|line| count.read(line));
        Outcome::Tests(count)
    }

    #[test]
    fn counts_what_test_programs_print() {
        let mut tally = Tally::default();
        let lines = "test a ... ok\n\
             test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test b::c ... FAILED\n\
             test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        tally.add("tests", count(lines, false));
        tally.add("formatting", Outcome::Check(true));
        assert_eq!(tally.report(false), "failed: b::c\nleft out: 0\n16 passed, 1 failed\n");
        assert!(!tally.succeeded(false));
    }

    #[test]
    fn a_test_program_that_does_not_compile_is_a_failure() {
        let mut tally = Tally::default();
        tally.add("tests", count("", false));
        assert_eq!(
            tally.report(false),
            "failed: tests: cargo failed, see above\nleft out: 0\n0 passed, 1 failed\n"
        );
    }

    #[test]
    fn a_test_program_that_ends_early_is_a_failure() {
        let mut tally = Tally::default();
        let lines = "running 2 tests\n\
             test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             running 3 tests\n\
             test a ... ok";
        // As when a test calls `exit(0)`: to cargo, all is well.
        tally.add("tests", count(lines, true));
        assert!(!tally.succeeded(false));
        assert_eq!(
            tally.report(false),
            "failed: tests: 3 without a result, see above\n\
             left out: tests: 1 marked `ignore`\nleft out: 1 (see above)\n1 passed, 1 failed\n"
        );
    }

    #[test]
    fn a_run_without_tests_is_a_failure() {
        let mut tally = Tally::default();
        tally.add("tests", count("running 0 tests\ntest result: ok. 0 passed; 0 failed", true));
        assert_eq!(
            tally.report(false),
            "failed: tests: not one has run\nleft out: 0\n0 passed, 1 failed\n"
        );
    }

    #[test]
    fn an_ignored_test_does_not_count_as_passed() {
        let mut tally = Tally::default();
        tally.add(
            "tests",
            count("test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured", true),
        );
        assert_eq!(
            tally.report(false),
            "left out: tests: 1 marked `ignore`\nleft out: 1 (see above)\n2 passed, 0 failed\n"
        );
    }

    #[test]
    fn what_is_left_out_fails_a_strict_run() {
        let mut tally = Tally::default();
        tally.add("lints", Outcome::LeftOut("clippy is not installed".to_owned()));
        assert!(tally.succeeded(false));
        assert!(!tally.succeeded(true));
        assert_eq!(
            tally.report(true),
            "left out: lints: clippy is not installed\n\
             left out: 1 (see above), each counted as a failure\n0 passed, 1 failed\n"
        );
    }
}
