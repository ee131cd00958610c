//! One line of `act --json` read into what it says about the job.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::store::Annotation;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step of the job began.
    Begun(String),
    /// A step of the job ended, well or not.
    Ended(String, bool),
    /// A step set an output.
    Output {
        /// The step.
        step: String,
        /// Name.
        name: String,
        /// Value.
        value: String,
    },
    /// A line for the log of a step, or of the set-up where there is no step.
    Line(Option<String>, String),
    /// A step's command ended with this exit code. What it wrote may still be on its way.
    ExitCode(String, String),
    /// As a line, and to be shown to people.
    Annotation(Option<String>, String, Annotation),
    /// The job ended, well or not.
    JobEnded(bool),
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "jobID")]
    job: Option<String>,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    level: String,
    stage: Option<String>,
    #[serde(rename = "stepID", default)]
    step: Vec<String>,
    #[serde(rename = "stepResult")]
    step_result: Option<String>,
    #[serde(rename = "jobResult")]
    job_result: Option<String>,
    #[serde(default)]
    raw_output: bool,
    command: Option<String>,
    #[serde(default)]
    arg: String,
    #[serde(default)]
    name: String,
    #[serde(rename = "kvPairs", default)]
    pairs: BTreeMap<String, String>,
}

/// Reads a line about the job `id`; lines that say nothing, or are about stand-ins for other jobs, give `None`.
pub fn read(line: &str, id: &str) -> Option<Event> {
    let raw: Raw = serde_json::from_str(line).ok()?;
    if raw.job.as_deref() != Some(id) {
        return None;
    }
    if let Some(result) = &raw.job_result {
        return Some(Event::JobEnded(result == "success"));
    }
    let step = raw.step.first().cloned();
    if let Some(command) = &raw.command {
        return command_event(command, &raw, step);
    }
    if raw.raw_output {
        return Some(Event::Line(step, raw.msg.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let own = raw.step.len() == 1 && raw.stage.as_deref() == Some("Main");
    match (&raw.step_result, &step) {
        (Some(result), Some(step)) if own => return Some(Event::Ended(step.clone(), result == "success")),
        (None, Some(step)) if own && raw.msg.contains("Run Main ") => {
            return Some(Event::Begun(step.clone()));
        }
        _ => {}
    }
    if raw.level != "error" {
        return None;
    }
    match (exit_code(&raw.msg), step) {
        // Composite actions report the exit of an inner step once more for themselves.
        (Some(code), Some(step)) => (raw.step.len() == 1).then(|| Event::ExitCode(step, code.to_owned())),
        (_, step) => Some(Event::Line(step, format!("##[error]{}", plain(&raw.msg)))),
    }
}

/// Workflow commands, as GitHub writes them into logs.
fn command_event(command: &str, raw: &Raw, step: Option<String>) -> Option<Event> {
    let level = match command {
        "set-output" => {
            // Composite actions report the outputs of their inner steps too; only the job's own steps count.
            let step = step.filter(|_| raw.step.len() == 1)?;
            return Some(Event::Output { step, name: raw.name.clone(), value: raw.arg.clone() });
        }
        "group" => return Some(Event::Line(step, format!("##[group]{}", raw.arg))),
        "endgroup" => return Some(Event::Line(step, "##[endgroup]".to_owned())),
        "error" => "failure",
        "warning" => "warning",
        "notice" => "notice",
        _ => return None,
    };
    let annotation = Annotation {
        level: level.to_owned(),
        message: raw.arg.clone(),
        title: raw.pairs.get("title").cloned(),
        path: raw.pairs.get("file").cloned(),
        line: raw.pairs.get("line").and_then(|line| line.parse().ok()),
    };
    Some(Event::Annotation(step, format!("##[{command}]{}", raw.arg), annotation))
}

/// `exit status 3`, or `exitcode '3': failure`.
fn exit_code(message: &str) -> Option<&str> {
    let quoted = || message.strip_prefix("exitcode '").and_then(|rest| rest.split('\'').next());
    message.trim().strip_prefix("exit status ").or_else(quoted)
}

/// What `act` says of a stopped step in GitHub's words.
fn plain(message: &str) -> String {
    if message.contains("this step has been cancelled") {
        "The operation was canceled.".to_owned()
    } else {
        message.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_act_writes() {
        let read = |line: &str| read(line, "a");
        let base = r#""job":"B/a","jobID":"a","level":"info","stage":"Main","step":"Work","stepID":["2"]"#;
        assert_eq!(read(&format!(r#"{{{base},"msg":"⭐ Run Main Work"}}"#)), Some(Event::Begun("2".into())));
        assert_eq!(
            read(&format!(r#"{{{base},"msg":"  ❌  Failure - Main Work [1s]","stepResult":"failure"}}"#)),
            Some(Event::Ended("2".into(), false))
        );
        assert_eq!(
            read(&format!(r#"{{{base},"msg":"hello\r\n","raw_output":true}}"#)),
            Some(Event::Line(Some("2".into()), "hello".into()))
        );
        assert_eq!(
            read(
                r#"{"arg":"{}","command":"set-output","jobID":"a","msg":"x","name":"matrix","stepID":["pairs"]}"#
            ),
            Some(Event::Output { step: "pairs".into(), name: "matrix".into(), value: "{}".into() })
        );
        for message in ["exitcode '4': failure", "exit status 4"] {
            let line =
                format!(r#"{{"jobID":"a","level":"error","msg":"{message}","stepID":["2"],"stage":"Main"}}"#);
            assert_eq!(read(&line), Some(Event::ExitCode("2".into(), "4".into())));
        }
        assert_eq!(read(r#"{"jobID":"a","jobResult":"failure","msg":"🏁"}"#), Some(Event::JobEnded(false)));
    }

    #[test]
    fn leaves_out_other_jobs_inner_steps_and_noise() {
        for line in [
            r#"{"jobID":"other","jobResult":"success","msg":""}"#,
            r#"{"jobID":"a","command":"set-output","arg":"1","name":"x","stepID":["1","0"],"msg":""}"#,
            r#"{"jobID":"a","stage":"Pre","stepID":["1"],"stepResult":"success","msg":""}"#,
            r#"{"jobID":"a","level":"info","msg":"Cleaning up container"}"#,
            "not json",
        ] {
            assert_eq!(read(line, "a"), None, "{line}");
        }
    }

    #[test]
    fn errors_become_annotations() {
        let line = r#"{"arg":"it broke","command":"error","jobID":"a","kvPairs":{"file":"x.rs","line":"3"},"level":"error","msg":"","stepID":["2"]}"#;
        let Some(Event::Annotation(_, text, annotation)) = read(line, "a") else { panic!("an annotation") };
        assert_eq!(text, "##[error]it broke");
        assert_eq!((annotation.path.as_deref(), annotation.line), (Some("x.rs"), Some(3)));
    }
}
