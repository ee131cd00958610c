//! GitHub's `${{ … }}` expressions: parsed by zizmor's crate, evaluated here over contexts.
//!
//! The crate evaluates constants only. Contexts are looked up here and handed back to it as constants, so that
//! comparison, truth and the functions are its own.

use std::borrow::Cow;

use github_actions_expressions::{
    Evaluation, Expr, Origin, SpannedExpr,
    call::{Call, Function},
    context::Context,
    literal::Literal,
    op::{BinExpr, BinOp, UnOp},
};
use serde_json::Value;

/// An expression cannot be read or evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the expression `{expression}` {problem}")]
pub struct ExpressionError {
    expression: String,
    problem: String,
}

/// How the jobs that a condition looks back on have ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// One of them failed.
    pub failure: bool,
    /// The run was cancelled.
    pub cancelled: bool,
    /// One of them was skipped: then the job is skipped too, unless it says otherwise.
    pub skipped: bool,
}

/// What an expression can see.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The contexts by name: `inputs`, `github`, `matrix`, `needs`, …
    pub contexts: serde_json::Map<String, Value>,
    /// For `success()` and its siblings.
    pub status: Status,
}

impl Scope {
    /// Fills the `${{ … }}` in `text`. Text that is one expression and nothing else keeps that expression's type.
    pub fn fill(&self, text: &str) -> Result<Value, ExpressionError> {
        let parts = split(text)?;
        if let [Part::Expression(only)] = parts.as_slice() {
            return json(&self.evaluate(only)?, only);
        }
        let mut filled = String::new();
        for part in parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Expression(expression) => {
                    filled.push_str(&self.evaluate(expression)?.sema().to_string());
                }
            }
        }
        Ok(Value::String(filled))
    }

    /// As [`Self::fill`], as text.
    pub fn fill_text(&self, text: &str) -> Result<String, ExpressionError> {
        self.fill(text).map(|value| text_of(&value))
    }

    /// As [`Self::fill`], for every text in `value`.
    pub fn fill_all(&self, value: &Value) -> Result<Value, ExpressionError> {
        Ok(match value {
            Value::String(text) => self.fill(text)?,
            Value::Array(items) => items.iter().map(|v| self.fill_all(v)).collect::<Result<_, _>>()?,
            Value::Object(map) => {
                Value::Object(map.iter().map(|(k, v)| Ok((k.clone(), self.fill_all(v)?))).collect::<Result<
                    _,
                    ExpressionError,
                >>(
                )?)
            }
            other => other.clone(),
        })
    }

    /// Decides an `if`. Without a status function it means `success() && (…)`.
    pub fn condition(&self, text: Option<&Value>) -> Result<bool, ExpressionError> {
        let Some(text) = text.map(text_of).filter(|text| !text.trim().is_empty()) else {
            return Ok(self.success());
        };
        let bare = text.trim();
        let expression = bare.strip_prefix("${{").and_then(|t| t.strip_suffix("}}")).unwrap_or(bare).trim();
        let parsed = parse(expression)?;
        let holds = self.eval(&parsed, expression)?.as_boolean();
        Ok(holds && (asks_for_status(&parsed) || self.success()))
    }

    fn success(&self) -> bool {
        !(self.status.failure || self.status.cancelled || self.status.skipped)
    }

    fn evaluate(&self, expression: &str) -> Result<Evaluation, ExpressionError> {
        self.eval(&parse(expression)?.inner, expression)
    }

    fn eval(&self, expr: &Expr<'_>, whole: &str) -> Result<Evaluation, ExpressionError> {
        let constant = match expr {
            Expr::Literal(_) => {
                return expr.consteval().ok_or_else(|| error(whole, "has a literal that is not known"));
            }
            Expr::Context(context) => return self.look_up(context, whole),
            Expr::BinExpr(BinExpr { lhs, op, rhs }) => {
                let left = self.eval(lhs, whole)?;
                // The right side of `&&` and `||` may be meaningless where the left one decides.
                match op {
                    BinOp::And if !left.as_boolean() => return Ok(left),
                    BinOp::Or if left.as_boolean() => return Ok(left),
                    BinOp::And | BinOp::Or => return self.eval(rhs, whole),
                    _ => {}
                }
                let right = self.eval(rhs, whole)?;
                Expr::BinExpr(BinExpr {
                    lhs: Box::new(constant(left, whole)?),
                    op: same(op),
                    rhs: Box::new(constant(right, whole)?),
                })
            }
            Expr::UnExpr { op: UnOp::Not, expr } => {
                return Ok(Evaluation::Boolean(!self.eval(expr, whole)?.as_boolean()));
            }
            Expr::Call(call) => match call.func {
                Function::Success => return Ok(Evaluation::Boolean(self.success())),
                Function::Failure => return Ok(Evaluation::Boolean(self.status.failure)),
                Function::Cancelled => return Ok(Evaluation::Boolean(self.status.cancelled)),
                Function::Always => return Ok(Evaluation::Boolean(true)),
                Function::HashFiles => return Err(error(whole, "uses hashFiles, which only steps may")),
                func => Expr::Call(Call {
                    func,
                    args: call
                        .args
                        .iter()
                        .map(|arg| constant(self.eval(arg, whole)?, whole))
                        .collect::<Result<_, _>>()?,
                }),
            },
            Expr::Star | Expr::Identifier(_) | Expr::Index(_) => return Err(error(whole, "is not complete")),
        };
        constant.consteval().ok_or_else(|| error(whole, "cannot be evaluated with these values"))
    }

    /// `inputs.looks`, `fromJSON(x)[0]`, `needs['a'].outputs.b`; what is not there is null, as on GitHub.
    fn look_up(&self, context: &Context<'_>, whole: &str) -> Result<Evaluation, ExpressionError> {
        let mut parts = context.parts.iter();
        let mut value = match parts.next().map(|part| &part.inner) {
            Some(Expr::Identifier(name)) => entry(&self.contexts, name.as_str()),
            Some(head) => json(&self.eval(head, whole)?, whole)?,
            None => Value::Null,
        };
        for part in parts {
            value = match &part.inner {
                Expr::Identifier(name) => member(&value, name.as_str()),
                Expr::Index(index) => match self.eval(index, whole)? {
                    Evaluation::Number(n) if n >= 0.0 => value.get(n as usize).cloned().unwrap_or_default(),
                    name => member(&value, &name.sema().to_string()),
                },
                _ => return Err(error(whole, "uses a filter `*`, which the sandbox does not evaluate")),
            };
        }
        Evaluation::try_from(value).map_err(|()| error(whole, "has a number that is too large"))
    }
}

/// A value as GitHub would write it into a text.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

enum Part<'a> {
    Text(&'a str),
    Expression(&'a str),
}

fn split(text: &str) -> Result<Vec<Part<'_>>, ExpressionError> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let end = end_of_expression(after).ok_or_else(|| error(text, "has no closing }}"))?;
        let (expression, tail) = after.split_at(end);
        parts.push(Part::Expression(expression.trim()));
        rest = tail.strip_prefix("}}").unwrap_or_default();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

/// Where the `}}` is that does not stand inside quotes.
fn end_of_expression(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '}' if !quoted && before == '}' => return Some(at - 1),
            _ => {}
        }
        before = c;
    }
    None
}

fn parse(expression: &str) -> Result<SpannedExpr<'_>, ExpressionError> {
    Expr::parse(expression).map_err(|e| error(expression, &format!("cannot be read: {e}")))
}

fn asks_for_status(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Call(call) => {
            matches!(
                call.func,
                Function::Success | Function::Failure | Function::Cancelled | Function::Always
            ) || call.args.iter().any(|arg| asks_for_status(arg))
        }
        Expr::BinExpr(BinExpr { lhs, rhs, .. }) => asks_for_status(lhs) || asks_for_status(rhs),
        Expr::UnExpr { expr, .. } => asks_for_status(expr),
        _ => false,
    }
}

/// Names in contexts do not tell upper from lower case.
fn member(value: &Value, name: &str) -> Value {
    value.as_object().map(|map| entry(map, name)).unwrap_or_default()
}

fn entry(map: &serde_json::Map<String, Value>, name: &str) -> Value {
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v))
        .cloned()
        .unwrap_or_default()
}

/// A value as the crate's own constant; lists and objects only exist there as `fromJSON('…')`.
fn constant(value: Evaluation, whole: &str) -> Result<SpannedExpr<'static>, ExpressionError> {
    let inner = match value {
        Evaluation::String(text) => Expr::Literal(Literal::String(Cow::Owned(text))),
        Evaluation::Number(number) => Expr::Literal(Literal::Number(number)),
        Evaluation::Boolean(truth) => Expr::Literal(Literal::Boolean(truth)),
        Evaluation::Null => Expr::Literal(Literal::Null),
        composite => {
            let text = json(&composite, whole)?.to_string();
            let argument = spanned(Expr::Literal(Literal::String(Cow::Owned(text))));
            Expr::Call(Call { func: Function::FromJSON, args: vec![argument] })
        }
    };
    Ok(spanned(inner))
}

fn spanned(inner: Expr<'static>) -> SpannedExpr<'static> {
    SpannedExpr { origin: Origin::new(0..0, ""), inner }
}

fn same(op: &BinOp) -> BinOp {
    match op {
        BinOp::And => BinOp::And,
        BinOp::Or => BinOp::Or,
        BinOp::Eq => BinOp::Eq,
        BinOp::Neq => BinOp::Neq,
        BinOp::Gt => BinOp::Gt,
        BinOp::Ge => BinOp::Ge,
        BinOp::Lt => BinOp::Lt,
        BinOp::Le => BinOp::Le,
    }
}

fn json(value: &Evaluation, whole: &str) -> Result<Value, ExpressionError> {
    value.clone().try_into().map_err(|()| error(whole, "gives a number that JSON cannot hold"))
}

fn error(expression: &str, problem: &str) -> ExpressionError {
    ExpressionError { expression: expression.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(contexts: Value) -> Scope {
        let Value::Object(contexts) = contexts else { panic!("an object") };
        Scope { contexts, status: Status::default() }
    }

    #[test]
    fn a_run_name_is_filled_as_on_github() {
        let name = "${{ inputs.burstId }}${{ inputs.name != '' && format(' {0}', inputs.name) || '' }}${{ inputs.batch != '' && format(' [{0}/{1}]', inputs.batch, inputs.part) || '' }}";
        let with = |name_input, batch| {
            scope(
                serde_json::json!({"inputs": {"burstId": "174_372326_IW3", "name": name_input, "batch": batch, "part": "1"}}),
            )
        };
        assert_eq!(with("", "").fill_text(name).unwrap(), "174_372326_IW3");
        assert_eq!(with("it's {0} }}", "abc").fill_text(name).unwrap(), "174_372326_IW3 it's {0} }} [abc/1]");
    }

    #[test]
    fn one_expression_keeps_its_type_and_objects_survive() {
        let scope = scope(
            serde_json::json!({"needs": {"search": {"outputs": {"matrix": r#"{"include":[{"name":"a"}]}"#}}}}),
        );
        assert_eq!(
            scope.fill("${{ fromJson(needs.search.outputs.matrix) }}").unwrap(),
            serde_json::json!({"include": [{"name": "a"}]})
        );
        assert_eq!(
            scope.fill_text("${{ fromJson(needs.search.outputs.matrix).include[0].name }}").unwrap(),
            "a"
        );
        assert_eq!(scope.fill_text("x ${{ toJSON('}}') }} ${{ nothing.here }}!").unwrap(), "x \"}}\" !");
    }

    #[test]
    fn a_condition_means_success_unless_it_asks() {
        let mut scope = scope(serde_json::json!({"inputs": {"on": true}}));
        scope.status.failure = true;
        let holds = |text: &str| scope.condition(Some(&Value::String(text.to_owned()))).unwrap();
        assert!(!holds("inputs.on"));
        assert!(holds("always() && inputs.on"));
        assert!(holds("${{ !cancelled() }}"));
        assert!(holds("failure()"));
        assert!(!scope.condition(None).unwrap());
    }

    #[test]
    fn says_what_cannot_be_read() {
        let scope = scope(serde_json::json!({}));
        for bad in ["${{ inputs.", "${{ nope(1) }}", "${{ hashFiles('x') }}"] {
            assert!(scope.fill(bad).is_err(), "{bad}");
        }
    }
}
