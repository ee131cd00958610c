//! The contract of `docs/interfaces.md`, on the built program: arguments, exit codes, files, and the real engine's
//! command line with a stand-in for docker and python on the PATH.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use domain::preview::{Bundle, manifest::Outcome};
use processor::job::Job;

const REFERENCE: &str = "S1_136231_IW2_20200604T022312_VV_7C85-BURST";
const SECONDARY: &str = "S1_136231_IW2_20200616T022313_VV_5D11-BURST";

/// The program, without what the surroundings of the test would tell it.
fn processor(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_processor"));
    for name in ["GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "INSAR_ENGINE", "CATALOGUE_URL"] {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

fn interferogram(folder: &Path) -> Command {
    let mut command = processor(folder);
    command.args(["interferogram", "--reference", REFERENCE, "--secondary", SECONDARY, "--out", "product"]);
    command
}

fn last_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
}

/// A folder with an executable of that name, to be put on the PATH.
fn stand_in(folder: &Path, name: &str, script: &str) -> String {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let path = bin.join(name);
    fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default())
}

fn job(folder: &Path) -> Job {
    Job::read(&folder.join("product")).unwrap().unwrap()
}

fn failure(job: &Job) -> (String, String) {
    match &job.outcome {
        Outcome::Failed { reason, hint } => (reason.clone(), hint.clone().unwrap_or_default()),
        Outcome::Done => (String::new(), String::new()),
    }
}

#[test]
fn wrong_arguments_end_with_2_and_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let swapped = ["interferogram", "--reference", SECONDARY, "--secondary", REFERENCE, "--out", "product"];
    let cases: [(&[&str], &str); 7] = [
        (&["pairs", "--burst", "nowhere"], "such as 174_372326_IW3"),
        (&["pairs", "--burst", "064_136231_IW2", "--polarization", "VH"], "VV or HH"),
        (&["pairs", "--burst", "064_136231_IW2", "--start", "June"], "YYYY-MM-DD"),
        (&["pairs", "--burst", "064_136231_IW2", "--pairs", "[]"], "no pair"),
        (&["pairs", "--burst", "064_136231_IW2", "--rule", "n3.x"], "n3.d48.b200 (nearest dates"),
        (
            &["interferogram", "--reference", "x", "--secondary", SECONDARY, "--out", "o"],
            "names look like S1_",
        ),
        (&swapped, "swap them"),
    ];
    for (arguments, part) in cases {
        let output = processor(folder.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(last_line(&output).contains(part), "{arguments:?}: {}", last_line(&output));
    }
    // What made no pair is written down for the preview.
    assert!(failure(&job(folder.path())).0.contains("swap them"));
}

#[test]
fn the_simulated_engine_is_refused_on_github_but_not_in_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let on_github = |command: &mut Command| {
        command.env("INSAR_ENGINE", "simulated").env("GITHUB_ACTIONS", "true");
    };
    let mut command = interferogram(folder.path());
    on_github(&mut command);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(last_line(&output).contains("refused inside GitHub Actions"), "{}", last_line(&output));
    on_github(&mut command);
    let output = command.env("BURSTBOARD_SANDBOX", "1").output().unwrap();
    assert!(output.status.success(), "{}", last_line(&output));
    assert!(job(folder.path()).engine.simulated);
}

#[test]
fn a_pair_can_fail_on_its_first_attempt_and_work_on_the_second() {
    let folder = tempfile::tempdir().unwrap();
    let run = |attempt: &str| {
        let mut command = interferogram(folder.path());
        command.env("INSAR_ENGINE", "simulated").env("BURSTBOARD_SIMULATED_FAIL", "a, 20200604_20200616");
        command.env("GITHUB_RUN_ATTEMPT", attempt).output().unwrap()
    };
    let output = run("1");
    assert_eq!(output.status.code(), Some(1));
    assert!(last_line(&output).contains("archive"), "{}", last_line(&output));
    let preview = |name: &str| {
        let output = processor(folder.path())
            .args(["preview", "product", "--name", name, "--out", "previews"])
            .output();
        assert!(output.unwrap().status.success());
        let bytes = fs::read(folder.path().join(format!("previews/{name}.preview.zip"))).unwrap();
        Bundle::read(&bytes).unwrap()
    };
    let bundle = preview("20200604_20200616");
    assert!(!bundle.manifest().is_done() && bundle.log().unwrap().contains("503 Server Error"));
    assert!(run("2").status.success());
    assert!(preview("20200604_20200616").manifest().is_done());
}

#[test]
fn docker_gets_the_pinned_image_the_pair_and_credentials_by_name_only() {
    let folder = tempfile::tempdir().unwrap();
    let product = "S1_136231_IW2_20200604_20200616_VV_INT80_663F";
    // Writes down what it was given, and leaves a product where the container's home is mounted.
    let path = stand_in(
        folder.path(),
        "docker",
        &format!(
            r#"printf '%s\n' "$@" > {here}/arguments; env > {here}/environment
while [ $# -gt 0 ]; do [ "$1" = --volume ] && work="${{2%%:*}}"; shift; done
cp "$work/.profile" {here}/profile
mkdir "$work/{product}"; echo made > "$work/{product}/{product}.txt"; echo "login is secret-pass-word""#,
            here = folder.path().display()
        ),
    );
    let output = interferogram(folder.path())
        .env("PATH", path)
        .envs([("EARTHDATA_USERNAME", "jane"), ("EARTHDATA_PASSWORD", "secret-pass-word")])
        .envs([("GITHUB_TOKEN", "ghs_x"), ("ACTIONS_RUNTIME_TOKEN", "t")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let arguments: Vec<String> = read("arguments").lines().map(str::to_owned).collect();
    let image = arguments.iter().position(|a| a == "ghcr.io/asfhyp3/hyp3-isce2:3.0.2").unwrap();
    let engine: Vec<&str> = arguments[image + 1..].iter().map(String::as_str).collect();
    let expected = [
        "++process",
        "insar_tops_burst",
        "--reference",
        REFERENCE,
        "--secondary",
        SECONDARY,
        "--looks",
        "20x4",
        "--apply-water-mask",
        "false",
    ];
    assert_eq!(engine, expected);
    assert!(!arguments.iter().any(|a| a.contains("secret-pass-word")), "{arguments:?}");
    let environment = read("environment");
    assert!(environment.contains("EARTHDATA_PASSWORD=secret-pass-word"));
    assert!(!environment.contains("GITHUB_TOKEN") && !environment.contains("ACTIONS_RUNTIME_TOKEN"));
    assert!(read("profile").contains("conda activate hyp3-isce2"));
    let job = job(folder.path());
    assert_eq!((job.product.as_deref(), job.attempts), (Some(product), 1));
    assert!(folder.path().join("product").join(product).is_dir());
    assert!(!folder.path().join("product/engine-work").exists());
    let log = read("product/engine.log");
    assert!(log.contains("login is ***") && !log.contains("secret-pass-word"), "{log}");
}

#[test]
fn a_busy_archive_is_tried_again_and_a_refused_login_is_not() {
    let run = |script: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = stand_in(
            folder.path(),
            "python",
            &format!("echo x >> {}/calls\n{script}", folder.path().display()),
        );
        let output = interferogram(folder.path())
            .env("PATH", path)
            .envs([("INSAR_ENGINE", "local"), ("BURSTBOARD_RETRY_SECONDS", "0.01")])
            .envs([("EARTHDATA_USERNAME", "jane"), ("EARTHDATA_PASSWORD", "secret-pass-word")])
            .output()
            .unwrap();
        let calls = fs::read_to_string(folder.path().join("calls")).unwrap().lines().count();
        (output, calls, job(folder.path()))
    };
    let (output, calls, record) =
        run("echo 'requests.exceptions.HTTPError: 503 Server Error: Service Unavailable' >&2; exit 1");
    assert_eq!((output.status.code(), calls, record.attempts), (Some(1), 3, 3));
    assert!(failure(&record).0.contains("archive") && !failure(&record).1.is_empty());
    let (_, calls, record) = run("echo 'HTTPError: 401 Client Error: Unauthorized for url' >&2; exit 1");
    assert_eq!((calls, record.attempts), (1, 1));
    assert!(failure(&record).1.contains("EARTHDATA_USERNAME"));
    let (_, _, record) = run("exit 0");
    assert!(failure(&record).0.contains("left no product"), "{record:?}");
}

#[test]
fn what_takes_too_long_is_ended_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let path = stand_in(
        folder.path(),
        "python",
        &format!("sleep 600 & echo $! > {}/child; wait", folder.path().display()),
    );
    let output = interferogram(folder.path())
        .env("PATH", path)
        .envs([("INSAR_ENGINE", "local"), ("INSAR_TIMEOUT_MINUTES", "0.01")])
        .envs([("EARTHDATA_USERNAME", "jane"), ("EARTHDATA_PASSWORD", "secret-pass-word")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(failure(&job(folder.path())).0.contains("took longer"), "{}", last_line(&output));
    let child = fs::read_to_string(folder.path().join("child")).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.trim())).unwrap_or_default();
    assert!(status.is_empty() || status.contains("State:\tZ"), "{status}");
}

#[test]
fn without_a_login_or_an_engine_the_sentence_says_what_to_set() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = interferogram(folder.path());
    command.env_remove("EARTHDATA_USERNAME").env_remove("EARTHDATA_PASSWORD");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(last_line(&output).contains("EARTHDATA_USERNAME"), "{}", last_line(&output));
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let output = interferogram(folder.path())
        .env("PATH", &empty)
        .envs([("EARTHDATA_USERNAME", "jane"), ("EARTHDATA_PASSWORD", "secret-pass-word")])
        .output()
        .unwrap();
    assert!(last_line(&output).contains("Install Docker"), "{}", last_line(&output));
}

/// A catalogue on this computer that answers each request with the next of the bodies.
fn catalogue(bodies: Vec<(u16, String)>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/granules.umm_json", listener.local_addr().unwrap());
    let serve = thread::spawn(move || {
        let mut asked = Vec::new();
        for (status, body) in bodies {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(|l| l.unwrap_or_default());
            asked.push(lines.take_while(|l| !l.is_empty()).collect::<Vec<_>>().join("\n"));
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nRetry-After: 0\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
        }
        asked
    });
    (address, serve)
}

/// The recorded stack in the shape of the catalogue's answer, if it is there.
fn recorded_stack() -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data/asf/burst_stack_174_372326_IW3_VV_full.json");
    let records: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    let list = records.as_array()?;
    let items: Vec<_> =
        list.iter().map(|r| serde_json::json!({"meta": r.get("meta"), "umm": r.get("umm")})).collect();
    Some(serde_json::json!({"hits": items.len(), "items": items}).to_string())
}

#[test]
fn a_recorded_stack_becomes_the_matrix_of_a_workflow() {
    let Some(stack) = recorded_stack() else {
        return println!("left out: no recorded stack beside the repository");
    };
    let folder = tempfile::tempdir().unwrap();
    let (address, serve) = catalogue(vec![(503, String::new()), (200, stack)]);
    let output = processor(folder.path())
        .args(["pairs", "--burst", "174_372326_IW3", "--polarization", "VV", "--start", "2018-06-01"])
        .args(["--end", "2018-09-01", "--pairs", ""])
        .env("CATALOGUE_URL", address)
        .env("GITHUB_OUTPUT", folder.path().join("output"))
        .env("GITHUB_STEP_SUMMARY", folder.path().join("summary"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", last_line(&output));
    let asked = serve.join().unwrap();
    assert!(asked[1].contains("BURST_ID_FULL,174_372326_IW3"), "{}", asked[1]);
    let written = fs::read_to_string(folder.path().join("output")).unwrap();
    let matrix = written.lines().find_map(|l| l.strip_prefix("matrix=")).unwrap();
    let matrix: serde_json::Value = serde_json::from_str(matrix).unwrap();
    let names: Vec<&str> =
        matrix["include"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names.first(), Some(&"20180604_20180616"));
    assert_eq!(names.len(), 7);
    assert!(written.contains("count=7"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("20180604_20180616"));
    assert!(fs::read_to_string(folder.path().join("summary")).unwrap().contains("| 20180604_20180616 |"));
}

#[test]
fn the_rule_of_a_link_makes_the_pairs_of_the_page() {
    use domain::{Network, PageState, Stack, catalogue::CataloguePage, timestamp::day_text};
    let Some(answer) = recorded_stack() else {
        return println!("left out: no recorded stack beside the repository");
    };
    let acquisitions = CataloguePage::parse(answer.as_bytes()).unwrap().acquisitions;
    for link in [
        "v=1&burst=174_372326_IW3&pol=VV&pairs=n1",
        "v=2&burst=174_372326_IW3&pol=VV&pairs=n3.d48.b200.j&from=20180101&to=20191231",
        "v=2&burst=174_372326_IW3&pol=VV&pairs=t.m.d100.s0601-0930.w0801-60-2.y15-1.j&from=20170101&to=20191231",
    ] {
        let page = PageState::from_query(link).unwrap();
        let stack =
            Stack::new(page.bursts.unwrap().first(), page.polarization.unwrap(), acquisitions.clone());
        let network = Network::new(&stack, &page.rule, page.edits.clone());
        let folder = tempfile::tempdir().unwrap();
        let (address, serve) = catalogue(vec![(200, answer.clone())]);
        let day = |day: Option<time::Date>| day.map(day_text).unwrap_or_default();
        let output = processor(folder.path())
            .args(["pairs", "--burst", "174_372326_IW3", "--rule", &page.rule.text()])
            .args(["--start", &day(page.rule.start), "--end", &day(page.rule.end)])
            .env("CATALOGUE_URL", address)
            .env("GITHUB_OUTPUT", folder.path().join("output"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{link}: {}", last_line(&output));
        serve.join().unwrap();
        let written = fs::read_to_string(folder.path().join("output")).unwrap();
        let matrix = written.lines().find_map(|l| l.strip_prefix("matrix=")).unwrap();
        let matrix: serde_json::Value = serde_json::from_str(matrix).unwrap();
        let made: Vec<String> = matrix["include"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| l["name"].as_str().unwrap().to_owned())
            .collect();
        let expected: Vec<String> = network.pairs().iter().map(ToString::to_string).collect();
        assert!(expected.len() > 100, "{link}: {}", expected.len());
        assert_eq!(made, expected, "{link}");
    }
}
