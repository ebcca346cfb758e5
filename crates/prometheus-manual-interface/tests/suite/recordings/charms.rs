//! The two charms that were recorded, on this crate.

use juju_types::{Status, StatusKind};
use prometheus_manual_interface::{JobRequest, PrometheusManualProvides, PrometheusManualRequires};
use reactive_endpoints::{Charm, Context, EndpointKey, Flag, Result, none};

const INSTALLED: Flag = Flag::new("exporter.installed");
const PROMETHEUS: EndpointKey<PrometheusManualProvides> = EndpointKey::new("prometheus");
const MANUAL_JOBS: EndpointKey<PrometheusManualRequires> = EndpointKey::new("manual-jobs");

/// The charm that registers these jobs in every hook, while it is joined.
pub(super) fn exporter(jobs: Vec<JobRequest>) -> Charm<()> {
    let register = move |(): &mut (), cx: &Context| {
        for job in &jobs {
            cx.endpoint(PROMETHEUS).register_job(job.clone())?;
        }
        Ok(())
    };
    Charm::new(())
        .when(none([INSTALLED]), |(), cx| {
            cx.set(INSTALLED);
            Ok(())
        })
        .when(PROMETHEUS.joined(), register)
        .when(PROMETHEUS.flag("all_responses"), |(), cx| {
            let prometheus = cx.endpoint(PROMETHEUS);
            let responses = prometheus.job_responses()?;
            let good = responses.iter().filter(|response| response.success).count();
            show(cx, format!("{good} of {}", prometheus.requests()?.len()))
        })
}

/// The charm that answers all new jobs, and refuses one by its name.
pub(super) fn prometheus() -> Charm<()> {
    Charm::new(()).when(MANUAL_JOBS.flag("new_jobs"), |(), cx| {
        let jobs = cx.endpoint(MANUAL_JOBS);
        for job in jobs.new_jobs()? {
            if job.job_name == "refused" {
                job.refuse("name is refused")?;
            } else {
                job.accept()?;
            }
        }
        show(cx, format!("{} jobs", jobs.jobs()?.len()))
    })
}

fn show(cx: &Context, message: String) -> Result {
    Ok(cx.juju().status_set(&Status::new(StatusKind::Active, message))?)
}

/// Reads what is published as a job.
pub(super) fn job(text: &str) -> JobRequest {
    let mut job: JobRequest = python_json::from_str(text).unwrap();
    job.other.remove("request_id");
    job
}
