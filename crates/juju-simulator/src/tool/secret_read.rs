//! Looking at secrets.

use super::output::OutputFlags;
use super::secret_write::parse_uri;
use super::{Call, Failure, Flag, Output, secret_content};
use crate::agent::{HookContext, Reading, Unreadable};
use crate::go::{self, Value};
use crate::model::{Party, Secret};

/// Runs `secret-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    const FLAGS: OutputFlags = OutputFlags::YAML;
    let flags = vec![Flag::value(&["label"]), Flag::switch(&["peek"]), Flag::switch(&["refresh"])];
    let arguments = FLAGS.parse(call, flags)?;
    let reading = match (arguments.has("peek"), arguments.has("refresh")) {
        (true, true) => {
            return Err(Failure::usage("specify one of --peek or --refresh but not both"));
        }
        (true, false) => Reading::Peek,
        (false, true) => Reading::Refresh,
        (false, false) => Reading::Tracked,
    };
    let label = arguments.value("label").filter(|label| !label.is_empty());
    let positional = arguments.at_most(2)?;
    let (id, new_label) = match (positional.first(), label) {
        (Some(uri), label) => (parse_uri(uri)?.id().to_owned(), label),
        (None, Some(label)) => (find(context, label)?, None),
        (None, None) => return Err(Failure::usage("require either a secret URI or label")),
    };
    let read = context.read_secret(&id, new_label, reading);
    let values = read.map_err(|reason| unreadable(context, &id, reason))?;

    let value = match positional.get(1) {
        None => Value::texts(&secret_content::texts(&values)),
        Some(key) => {
            let plain = key.strip_suffix("#base64");
            let stored = values.get(plain.unwrap_or(key)).ok_or_else(|| {
                let key = go::quote(plain.unwrap_or(key));
                Failure::failed(format!("secret key value {key} not found"))
            })?;
            if plain.is_some() { stored.clone() } else { secret_content::text(stored) }.into()
        }
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `secret-ids`.
pub(super) fn ids(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    const FLAGS: OutputFlags = OutputFlags::SMART;
    let arguments = FLAGS.parse(call, Vec::new())?;
    arguments.at_most(0)?;
    let ids: Vec<String> = context.managed_secrets().into_keys().collect();
    let value = if ids.is_empty() { Value::Null } else { ids.into_iter().collect() };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `secret-info-get`.
pub(super) fn info(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    const FLAGS: OutputFlags = OutputFlags::YAML;
    let arguments = FLAGS.parse(call, vec![Flag::value(&["label"])])?;
    let label = arguments.value("label").filter(|label| !label.is_empty());
    let (uri, label) = match (arguments.at_most(1)?.first(), label) {
        (Some(_), Some(_)) => {
            return Err(Failure::usage("specify either a secret URI or label but not both"));
        }
        (None, None) => return Err(Failure::usage("require either a secret URI or label")),
        (Some(uri), None) => (Some(parse_uri(uri)?), ""),
        (None, Some(label)) => (None, label),
    };
    let mut managed = context.managed_secrets().into_iter();
    let found = managed.find(|(id, secret)| match &uri {
        Some(uri) => uri.id() == id,
        None => secret.label == label,
    });
    let Some((id, secret)) = found else {
        let name = go::quote(uri.as_ref().map_or(label, |uri| uri.id()));
        return Err(Failure::failed(format!("secret {name} not found")));
    };
    let has_access = context.model.version.has_secret_access_info();
    let access = if has_access { access(context, &secret) } else { Vec::new() };
    let value = Value::Map(vec![(id, describe(&secret, access))]);
    FLAGS.print(call, &arguments, &value)
}

fn find(context: &HookContext<'_>, label: &str) -> Result<String, Failure> {
    context
        .find_secret(label)
        .ok_or_else(|| Failure::failed(format!("consumer label {} not found", go::quote(label))))
}

fn unreadable(context: &HookContext<'_>, id: &str, reason: Unreadable) -> Failure {
    Failure::failed(match reason {
        Unreadable::Denied if !context.model.version.names_secret_readers() => {
            "permission denied".to_owned()
        }
        Unreadable::Denied => {
            let unit = go::quote(&context.unit_name.to_string());
            format!("{unit} is not allowed to read this secret")
        }
        Unreadable::NotFound => format!("secret {} not found", go::quote(id)),
    })
}

fn describe(secret: &Secret, access: Vec<Value>) -> Value {
    let owner = match secret.owner {
        Party::Application(_) => "application",
        Party::Unit(_) => "unit",
    };
    let latest = secret.revisions.last_key_value();
    let expiry = latest.and_then(|(_, revision)| revision.expire);
    let committed = secret.next_rotate.filter(|_| !access.is_empty());
    let texts = [
        ("label", Some(secret.label.clone())),
        ("owner", Some(owner.to_owned())),
        ("description", Some(secret.description.clone()).filter(|text| !text.is_empty())),
        ("rotation", secret.rotate.map(|rotate| rotate.as_str().to_owned())),
        ("expiry", expiry.map(|time| time.to_string())),
        ("rotates", committed.map(|time| time.to_string())),
    ];
    let mut fields = vec![("revision".to_owned(), Value::Number(secret.latest().into()))];
    fields
        .extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
    if !access.is_empty() {
        fields.push(("access".to_owned(), Value::List(access)));
    }
    Value::Map(fields)
}

fn access(context: &HookContext<'_>, secret: &Secret) -> Vec<Value> {
    let entry = |(reader, relation): (&Party, &Option<u32>)| {
        let relation = context.model.relations.get(&(*relation)?)?;
        Some(Value::fields([
            ("target", reader.to_string().into()),
            ("scope", format!("relation-{}", relation.key().replace([' ', ':'], "#")).into()),
            ("role", "view".into()),
        ]))
    };
    secret.grants.iter().filter_map(entry).collect()
}
