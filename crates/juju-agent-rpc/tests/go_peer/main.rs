//! Real peers: a server and a client on Go's own `net/rpc`, which is what the
//! agent and the hook tools are made of.
//!
//! This needs the program `go`, so `cargo test` leaves it out (the manifest
//! says `test = false`). `cargo xtask test` runs it, or says that it did not.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::{BufRead, BufReader};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use juju_agent_rpc::{
    CallError, Client, ExecRequest, ExecService, Request, Response, STDIN_REQUIRED, ServeError,
    serve, serve_exec,
};
use tempfile::TempDir;

/// Both programs, built once.
struct Peers {
    client: PathBuf,
    server: PathBuf,
}

fn peers() -> &'static Peers {
    static PEERS: OnceLock<Peers> = OnceLock::new();
    PEERS.get_or_init(|| Peers { client: build("client"), server: build("server") })
}

/// Builds a program that needs nothing but Go's standard library, without a
/// network and without the user's settings.
#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
fn build(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = target.join(format!("go-peer-{name}"));
    let source = format!("{}/tests/go_peer/{name}/main.go", env!("CARGO_MANIFEST_DIR"));
    let status = Command::new("go")
        .args(["build", "-o"])
        .args([&program, Path::new(&source)])
        .env("CGO_ENABLED", "0")
        .env("GOCACHE", target.join("go-cache"))
        .env("GOENV", "off")
        .env("GOFLAGS", "")
        .env("GO111MODULE", "off")
        .status()
        .expect("`go` is there: install Debian's golang-go");
    assert!(status.success(), "{source} compiles");
    program
}

#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
fn start(program: &Path, socket: &Path, shape: &str) -> Child {
    Command::new(program)
        .arg(socket)
        .arg(shape)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

/// An agent in Go that serves one connection.
struct Agent {
    process: Child,
    output: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Agent {
    fn start(shape: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = start(&peers().server, &folder.path().join("s"), shape);
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut agent = Self { process, output, folder };
        assert_eq!(agent.line(), "ready");
        agent
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    /// Waits until it has seen that its client is gone.
    fn end(mut self) {
        assert_eq!(self.line(), "closed");
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It has ended already unless the test has failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn request<const N: usize>(command_name: &str, args: [&str; N]) -> Request {
    Request {
        context_id: "app/0-install-6f1c".to_owned(),
        dir: "/charm".to_owned(),
        command_name: command_name.to_owned(),
        args: args.map(str::to_owned).into(),
        ..Request::default()
    }
}

fn refusal(result: Result<Response, CallError>) -> String {
    match result {
        Err(CallError::Refused(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Calls that an agent of every shape answers alike.
fn check_calls(shape: &str) {
    let agent = Agent::start(shape);
    let mut client = Client::connect(agent.socket()).unwrap();
    client.greet().unwrap();

    assert_eq!(client.call(&request("nothing", [])).unwrap(), Response::default());
    let failed = client.call(&request("fail", ["a", "b", ""])).unwrap();
    assert_eq!((failed.code, failed.stderr), (3, b"a b ".to_vec()));
    assert_eq!(client.call(&request("negative", [])).unwrap().code, -1);
    assert_eq!(refusal(client.call(&request("nope", []))), "bad request: unknown command: nope");
    assert_eq!(refusal(client.call(&request("", []))), "bad request: command not specified");
    client.greet().unwrap();

    assert_eq!(refusal(client.call(&request("cat", []))), STDIN_REQUIRED);
    let asked = client.call_with_stdin(&request("cat", []), || Ok(b"asked for".to_vec()));
    assert_eq!(asked.unwrap().stdout, b"asked for");
    for stdin in [Vec::new(), vec![0, 255, b'\n'], b"0123456789abcdef".repeat(1024 * 1024)] {
        let request = Request { stdin: Some(stdin.clone()), ..request("cat", []) };
        assert!(client.call(&request).unwrap().stdout == stdin);
    }
    for number in 0..500 {
        let args = vec!["x".to_owned(); number];
        let response = client.call(&Request { args, ..request("fail", []) }).unwrap();
        assert_eq!(usize::try_from(response.code), Ok(number));
    }
    drop(client);
    agent.end();
}

#[test]
fn calls_an_agent_in_go() {
    check_calls("plain");
}

#[test]
fn calls_an_agent_that_has_used_up_type_ids() {
    check_calls("other-ids");
}

#[test]
fn calls_an_agent_with_other_types() {
    check_calls("odd");
}

#[test]
fn a_request_comes_as_it_was_sent() {
    let agent = Agent::start("plain");
    let mut client = Client::connect(agent.socket()).unwrap();
    let request = Request { token: "t".to_owned(), ..request("show", ["-r", "", "a b", "é"]) };
    let response = client.call(&request).unwrap();
    assert_eq!(
        String::from_utf8(response.stdout).unwrap(),
        r#""app/0-install-6f1c" "/charm" ["-r" "" "a b" "é"] "t""#
    );
    drop(client);
    agent.end();
}

#[test]
fn tells_an_agent_from_another_service() {
    let agent = Agent::start("stranger");
    let mut client = Client::connect(agent.socket()).unwrap();
    let greeting = client.greet().unwrap_err();
    assert_eq!(greeting.to_string(), "the agent refused: rpc: can't find service Jujuc.Greet");
    drop(client);
    agent.end();
}

#[test]
fn text_for_a_shell_comes_as_it_was_sent() {
    let agent = Agent::start("exec");
    let mut client = Client::connect(agent.socket()).unwrap();
    let mut call = |request: &ExecRequest| client.run_commands(ExecService::JujuExec, request);
    let mut request = ExecRequest {
        commands: "exit 3".to_owned(),
        unit_name: "app/0".to_owned(),
        token: "t".to_owned(),
        ..ExecRequest::default()
    };
    let alone = call(&request).unwrap();
    assert_eq!(alone.code, -1);
    request.relation_id = Some(7);
    request.remote_unit_name = "db/0".to_owned();
    request.remote_application_name = "db".to_owned();
    request.force_remote_unit = true;
    let related = call(&request).unwrap();
    assert_eq!(
        String::from_utf8([alone.stdout, b"\n".to_vec(), related.stdout].concat()).unwrap(),
        "{Commands:exit 3 RelationId:-1 RemoteUnitName: RemoteApplicationName: \
         ForceRemoteUnit:false UnitName:app/0}\n\
         {Commands:exit 3 RelationId:7 RemoteUnitName:db/0 RemoteApplicationName:db \
         ForceRemoteUnit:true UnitName:app/0}"
    );
    let refused = refusal(call(&ExecRequest::default()));
    assert_eq!(refused, "missing unit name running command");
    drop(client);
    agent.end();
}

/// Serves a client in Go, and returns what it printed.
fn served(shape: &str) -> String {
    served_by(shape, |stream| serve(stream, run))
}

fn served_by(
    shape: &str,
    agent: impl FnOnce(UnixStream) -> Result<(), ServeError> + Send + 'static,
) -> String {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let listener = UnixListener::bind(&socket).unwrap();
    let agent = thread::spawn(move || agent(listener.accept().unwrap().0));
    let output = start(&peers().client, &socket, shape).wait_with_output().unwrap();
    assert!(output.status.success());
    agent.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn run(request: Request) -> Result<Response, String> {
    let mut response = Response::default();
    match request.command_name.as_str() {
        "show" => {
            let Request { context_id, dir, args, token, .. } = request;
            response.stdout = format!("{context_id} {dir} {args:?} {token}").into();
        }
        "cat" => response.stdout = request.stdin.ok_or(STDIN_REQUIRED)?,
        "fail" => {
            response.code = i32::try_from(request.args.len()).unwrap();
            response.stderr = request.args.join(" ").into();
        }
        unknown => return Err(format!("bad request: unknown command: {unknown}")),
    }
    Ok(response)
}

#[test]
fn serves_a_client_in_go() {
    insta::assert_snapshot!(served("plain"), @r#"
    0 "c /charm [\"-r\", \"\", \"a b\"] t" "" <nil>
    0 "" "" hook tool requires stdin, none supplied
    0 "" "" <nil>
    0 "\x00\xff\n" "" <nil>
    2 "" "x y" <nil>
    0 "" "" bad request: unknown command: nope
    0 "" "" rpc: can't find method Jujuc.Greet
    0 "" "" rpc: can't find service Stranger.Main
    0 "  [] " "" <nil>
    true <nil>
    "#);
}

#[test]
fn serves_juju_run_in_go() {
    let printed = served_by("exec", |stream| {
        serve_exec(ExecService::JujuRun, stream, |request| {
            let relation = request.relation_id;
            let flags = [request.force_remote_unit, request.operator];
            let texts =
                [request.commands, request.remote_unit_name, request.unit_name, request.token];
            let text = format!("{relation:?} {flags:?} {texts:?}");
            Ok(Response { code: 3, stdout: text.into(), stderr: b"e".to_vec() })
        })
    });
    insta::assert_snapshot!(printed, @r#"
    3 "None [false, false] [\"exit 3\", \"\", \"app/0\", \"\"]" "e" <nil>
    3 "Some(0) [true, true] [\"true\", \"db/0\", \"app/0\", \"t\"]" "e" <nil>
    "#);
}

#[test]
fn serves_a_client_with_other_types() {
    insta::assert_snapshot!(served("odd"), @"
    3 <nil>
    4 <nil>
    5 <nil>
    ");
}

#[test]
fn serves_a_client_that_does_not_wait() {
    assert_eq!(served("at-once"), "done\n");
}
