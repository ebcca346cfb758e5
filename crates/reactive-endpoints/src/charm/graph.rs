//! What wakes which handler.

use crate::charm::Charm;
use crate::condition::{Condition, Part};
use crate::endpoint::binding::Binding;
use crate::endpoint::interface_binding::InterfaceBinding;
use crate::flag::trigger::Trigger;
use crate::handler::When;
use crate::trace::FlagChange;

/// What wakes which handler of a charm, as far as it is known before anything
/// runs: the events, flags and other conditions that each handler waits for,
/// and the flags that triggers set and clear.
///
/// Which flags a handler changes is known only when it runs; an
/// [`Explanation`](crate::Explanation) tells. The triggers of endpoints are
/// registered in a run and are not here.
///
/// ```
/// use juju_types::Event;
/// use reactive_endpoints::{Charm, Context, Flag, Result, Trigger, all, none};
///
/// const READY: Flag = Flag::new("ready");
/// const BROKEN: Flag = Flag::new("broken");
///
/// struct App;
///
/// impl App {
///     fn start(&mut self, _: &Context) -> Result {
///         Ok(())
///     }
///
///     fn serve(&mut self, _: &Context) -> Result {
///         Ok(())
///     }
/// }
///
/// let charm = Charm::new(App)
///     .on(Event::Start, App::start)
///     .when(all([&READY]).and(none([&BROKEN])), App::serve)
///     .trigger(Trigger::on_set(&BROKEN).clear(&READY));
/// assert_eq!(
///     charm.graph().to_mermaid(),
///     r#"flowchart LR
///   n0["App::start"]
///   n1{{"start"}}
///   n2["App::serve"]
///   n3(["ready"])
///   n4(["broken"])
///   n1 --> n0
///   n3 -->|all| n2
///   n4 -->|none| n2
///   n4 -.->|set: clear| n3
/// "#,
/// );
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Node {
    kind: NodeKind,
    label: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum NodeKind {
    Event,
    Flag,
    Handler,
    Test,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Edge {
    from: usize,
    to: usize,
    label: &'static str,
    /// Whether it is a trigger, and no condition.
    is_trigger: bool,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GraphFormat {
    Dot,
    Mermaid,
}

impl<S: 'static> Charm<S> {
    /// Returns what wakes which handler. An [`interface`](Self::interface) is
    /// there once, for all endpoints of its kind.
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        let mut interfaces = self.interfaces.iter().peekable();
        for (place, handler) in self.handlers.iter().enumerate() {
            while let Some(interface) = interfaces.next_if(|interface| interface.place <= place) {
                graph.add_interface(interface);
            }
            graph.add_handler(&handler.name, &handler.when);
        }
        interfaces.for_each(|interface| graph.add_interface(interface));
        self.triggers.iter().for_each(|trigger| graph.add_trigger(trigger));
        graph
    }
}

impl Graph {
    /// Writes the graph for [Mermaid](https://mermaid.js.org/syntax/flowchart.html),
    /// as Markdown can show it.
    pub fn to_mermaid(&self) -> String {
        let nodes = self.nodes.iter().enumerate().map(|(index, node)| {
            let (open, close) = match node.kind {
                NodeKind::Event => ("{{", "}}"),
                NodeKind::Flag => ("([", "])"),
                NodeKind::Handler => ("[", "]"),
                NodeKind::Test => ("[/", "/]"),
            };
            let label = node.label.replace('"', "#quot;").replace('<', "#lt;");
            format!("  n{index}{open}\"{label}\"{close}\n")
        });
        let edges = self.edges.iter().map(|Edge { from, to, label, is_trigger }| {
            let arrow = if *is_trigger { "-.->" } else { "-->" };
            let label = if label.is_empty() { String::new() } else { format!("|{label}|") };
            format!("  n{from} {arrow}{label} n{to}\n")
        });
        let head = "flowchart LR\n".to_owned();
        [head].into_iter().chain(nodes).chain(edges).collect()
    }

    /// Writes the graph for [Graphviz](https://graphviz.org/doc/info/lang.html).
    pub fn to_dot(&self) -> String {
        let nodes = self.nodes.iter().enumerate().map(|(index, node)| {
            let shape = match node.kind {
                NodeKind::Event => "hexagon",
                NodeKind::Flag => "ellipse",
                NodeKind::Handler => "box",
                NodeKind::Test => "parallelogram",
            };
            let label = node.label.replace('\\', "\\\\").replace('"', "\\\"");
            format!("  n{index} [label=\"{label}\" shape={shape}];\n")
        });
        let edges = self.edges.iter().map(|Edge { from, to, label, is_trigger }| {
            let style = if *is_trigger { " style=dashed" } else { "" };
            format!("  n{from} -> n{to} [label=\"{label}\"{style}];\n")
        });
        let (head, end) = ("digraph charm {\n  rankdir=LR;\n".to_owned(), "}\n".to_owned());
        [head].into_iter().chain(nodes).chain(edges).chain([end]).collect()
    }

    pub(crate) fn in_format(&self, format: GraphFormat) -> String {
        match format {
            GraphFormat::Dot => self.to_dot(),
            GraphFormat::Mermaid => self.to_mermaid(),
        }
    }

    fn add_handler(&mut self, name: &str, when: &When) {
        // Two handlers of one name, such as closures, are two.
        let handler = self.push(NodeKind::Handler, name);
        match when {
            When::Action(action) => {
                let event = self.node(NodeKind::Event, &format!("action {action}"));
                self.connect(event, handler, "");
            }
            When::Event(patterns) => {
                for pattern in patterns {
                    let event = self.node(NodeKind::Event, &pattern.to_string());
                    self.connect(event, handler, "");
                }
            }
            When::Flags(condition) => self.add_condition(handler, condition),
        }
    }

    fn add_condition(&mut self, handler: usize, condition: &Condition) {
        for part in condition.parts() {
            let (node, label) = match part {
                Part::Flag(flag, word) => (self.node(NodeKind::Flag, flag.as_str()), word),
                Part::Hook(pattern) => (self.node(NodeKind::Event, &pattern.to_string()), ""),
                Part::Test(text) => (self.node(NodeKind::Test, &text), ""),
            };
            self.connect(node, handler, label);
        }
    }

    /// Adds the handlers of an interface for an endpoint that is called as hook
    /// patterns name all of its kind.
    fn add_interface(&mut self, interface: &InterfaceBinding) {
        let binding: Binding = interface.bind_to(interface.pattern());
        for handler in (binding.handlers)(&binding) {
            self.add_handler(&handler.name, &handler.when);
        }
    }

    fn add_trigger(&mut self, trigger: &Trigger) {
        let from = self.node(NodeKind::Flag, trigger.flag().as_str());
        for (flag, effect) in trigger.effects() {
            let label = match (trigger.change(), effect) {
                (FlagChange::Set, FlagChange::Set) => "set: set",
                (FlagChange::Set, FlagChange::Cleared) => "set: clear",
                (FlagChange::Cleared, FlagChange::Set) => "cleared: set",
                (FlagChange::Cleared, FlagChange::Cleared) => "cleared: clear",
            };
            let to = self.node(NodeKind::Flag, flag.as_str());
            self.edges.push(Edge { from, to, label, is_trigger: true });
        }
    }

    fn connect(&mut self, from: usize, to: usize, label: &'static str) {
        let edge = Edge { from, to, label, is_trigger: false };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    fn node(&mut self, kind: NodeKind, label: &str) -> usize {
        let is_same = |node: &Node| node.kind == kind && node.label == label;
        self.nodes.iter().position(is_same).unwrap_or_else(|| self.push(kind, label))
    }

    fn push(&mut self, kind: NodeKind, label: &str) -> usize {
        self.nodes.push(Node { kind, label: label.to_owned() });
        self.nodes.len() - 1
    }
}
