//! The services that Prometheus can ask for targets.

mod cloud;
mod container;
mod registry;

use crate::check::duration;
use crate::check::schema::{Field, Kind, PORT, Section, TEXTS, field};

use self::{cloud as c, container as o, registry as r};

/// The discoveries of a job, each a list. [Prometheus's manual] has a section
/// for each.
///
/// These are the ones of 2.42. What Debian lacks was tried with its 2.42.
///
/// [Prometheus's manual]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
pub(crate) const SERVICE_DISCOVERIES: Section = Section {
    fields: &[
        field("azure_sd_configs", Kind::List(&Kind::Section(&c::AZURE))),
        field("consul_sd_configs", Kind::List(&Kind::Section(&r::CONSUL))).debian_lacks(),
        field("digitalocean_sd_configs", Kind::List(&Kind::Section(&c::DIGITALOCEAN))),
        field("dns_sd_configs", Kind::List(&Kind::Section(&r::DNS))),
        field("docker_sd_configs", Kind::List(&Kind::Section(&o::DOCKER))),
        field("dockerswarm_sd_configs", Kind::List(&Kind::Section(&o::DOCKERSWARM))),
        field("ec2_sd_configs", Kind::List(&Kind::Section(&c::EC2))),
        field("eureka_sd_configs", Kind::List(&Kind::Section(&r::EUREKA))),
        field("file_sd_configs", Kind::List(&Kind::Section(&r::FILE))),
        field("gce_sd_configs", Kind::List(&Kind::Section(&c::GCE))),
        field("hetzner_sd_configs", Kind::List(&Kind::Section(&c::HETZNER))),
        field("http_sd_configs", Kind::List(&Kind::Section(&r::HTTP))),
        field("ionos_sd_configs", Kind::List(&Kind::Section(&c::IONOS))),
        field("kubernetes_sd_configs", Kind::List(&Kind::Section(&o::KUBERNETES))).debian_lacks(),
        field("kuma_sd_configs", Kind::List(&Kind::Section(&r::KUMA))).debian_lacks(),
        field("lightsail_sd_configs", Kind::List(&Kind::Section(&c::LIGHTSAIL))),
        field("linode_sd_configs", Kind::List(&Kind::Section(&c::LINODE))).debian_lacks(),
        field("marathon_sd_configs", Kind::List(&Kind::Section(&o::MARATHON))),
        field("nerve_sd_configs", Kind::List(&Kind::Section(&r::ZOOKEEPER))),
        field("nomad_sd_configs", Kind::List(&Kind::Section(&o::NOMAD))).debian_lacks(),
        field("openstack_sd_configs", Kind::List(&Kind::Section(&c::OPENSTACK))),
        field("ovhcloud_sd_configs", Kind::List(&Kind::Section(&c::OVHCLOUD))),
        field("puppetdb_sd_configs", Kind::List(&Kind::Section(&r::PUPPETDB))),
        field("scaleway_sd_configs", Kind::List(&Kind::Section(&c::SCALEWAY))),
        field("serverset_sd_configs", Kind::List(&Kind::Section(&r::ZOOKEEPER))),
        field("triton_sd_configs", Kind::List(&Kind::Section(&c::TRITON))),
        field("uyuni_sd_configs", Kind::List(&Kind::Section(&r::UYUNI))),
        field("vultr_sd_configs", Kind::List(&Kind::Section(&c::VULTR))),
    ],
    inline: &[],
    rules: &[],
};

/// How often the service is asked. Prometheus crashes if that is 0, which is
/// also what it reads for null.
const REFRESH_INTERVAL: Field =
    field("refresh_interval", Kind::Formed(duration::check_positive)).never_null();

/// What to look for, as a list of names with values.
const FILTERS: Kind = Kind::List(&Kind::Section(&Section {
    fields: &[field("name", Kind::Text).required(), field("values", TEXTS).required()],
    inline: &[],
    rules: &[],
}));

const PORT_OF_TARGETS: Field = field("port", PORT);
const TAG_SEPARATOR: Field = field("tag_separator", Kind::Text);

/// Of texts with a default, which an empty text would replace.
fn is_not_blank(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("it must not be blank".to_owned()) } else { Ok(()) }
}
