//! Dialogs over the page: one way to open and close them, and one shape.

use leptos::{html, prelude::*};

use super::live::show;

/// A dialog and whether it is open.
#[derive(Clone, Copy)]
pub(crate) struct Dialog {
    node: NodeRef<html::Dialog>,
    shown: RwSignal<bool>,
}

impl Dialog {
    /// A closed one.
    pub(crate) fn new() -> Self {
        Self { node: NodeRef::new(), shown: RwSignal::new(false) }
    }

    /// Opens it over the page.
    pub(crate) fn open(self) {
        if let Some(dialog) = self.node.get_untracked().filter(|dialog| !dialog.open()) {
            self.shown.set(true);
            let _ = dialog.show_modal();
        }
    }

    /// Closes it.
    pub(crate) fn close(self) {
        if let Some(dialog) = self.node.get_untracked() {
            dialog.close();
        }
    }

    /// Whether it is open: what asks the server waits for that.
    pub(crate) fn is_open(self) -> bool {
        self.shown.get()
    }
}

/// A dialog's heading, what it says, and its buttons; the last of them closes it and changes nothing.
#[component]
pub(crate) fn DialogBox(
    dialog: Dialog,
    /// The heading.
    title: Box<dyn Fn() -> String + Send>,
    /// The hook for tests.
    testid: &'static str,
    /// Buttons before the one that closes.
    #[prop(optional)]
    acts: Option<AnyView>,
    /// The words of that.
    close: &'static str,
    children: Children,
) -> impl IntoView {
    let heading = format!("{testid}-title");
    let labelled = heading.clone();
    view! {
        <dialog
            node_ref=dialog.node
            aria-labelledby=labelled
            data-testid=testid
            on:close=move |_| dialog.shown.set(false)
        >
            <h2 id=heading>{show(title)}</h2>
            {children()}
            <div class="row">
                {acts}
                <button type="button" on:click=move |_| dialog.close()>{close}</button>
            </div>
        </dialog>
    }
}
