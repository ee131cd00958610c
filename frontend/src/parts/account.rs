//! Who is signed in, what they may, and the way out.

use domain::{access::Role, api::Account};
use leptos::{prelude::*, task::spawn_local};

use super::{
    FaultNote, SignIn,
    deployment::Deployment,
    dialog::{Dialog, DialogBox},
    live::show,
};
use crate::{
    api::{self, Fault, capital},
    state::Session,
};

/// In the bar: the way to sign in, or the account.
#[component]
pub(crate) fn AccountMenu() -> impl IntoView {
    let session: Session = expect_context();
    let account = Memo::new(move |_| session.config().map(|config| config.account));
    show(move || match account.get()? {
        None => Some(view! { <SignIn short=true/> }.into_any()),
        Some(account) => Some(view! { <SignedIn account/> }.into_any()),
    })
}

#[component]
fn SignedIn(account: Account) -> impl IntoView {
    let session: Session = expect_context();
    let dialog = Dialog::new();
    let fault = RwSignal::new(None::<Fault>);
    let open = move |_| {
        fault.set(None);
        dialog.open();
    };
    let out = move |_| {
        spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => session.ask(),
                Err(error) => fault.set(Some(error)),
            }
        });
    };
    let may = move || {
        let permission = session.config().map(|config| config.may_launch)?;
        Some(match permission.reason {
            Some(reason) if !permission.allowed => capital(&reason),
            _ => "You may launch, cancel and run jobs again; runs say who did.".to_owned(),
        })
    };
    let administers = account.administers;
    let login = account.login.clone();
    let leave = view! { <button type="button" data-testid="sign-out" on:click=out>"Sign out"</button> };
    view! {
        <button type="button" class="quiet account" data-testid="account" aria-haspopup="dialog" on:click=open>
            {account.login.clone()}
        </button>
        <DialogBox dialog title=Box::new(move || login.clone()) testid="account-dialog" acts=leave.into_any() close="Close">
            <p class="small muted">{role_in_words(account.role)}</p>
            <p>{show(may)}</p>
            {show(move || (administers && dialog.is_open()).then(|| view! { <Deployment/> }))}
            {show(move || fault.get().map(|fault| view! { <FaultNote fault/> }))}
        </DialogBox>
    }
}

fn role_in_words(role: Role) -> String {
    match role {
        Role::None => "Signed in with GitHub, without access to this repository of its own".to_owned(),
        role => format!("Signed in with GitHub, permission on the repository: {}", role.word()),
    }
}
