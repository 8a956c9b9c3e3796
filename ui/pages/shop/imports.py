"""Imports: a feed is sent, what becomes of it is shown as it happens, and what was left out why."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.catalogue_shapes import ImportJob
from ui.pages.shop import import_report
from ui.text import plain, words
from ui.text.speech import N_, say
from ui.visit import service, shopkeeper
from ui.visit.pipeline import tell

"""As much as the service takes by default; where it takes less, it says so."""
FORMATS: Final = (
    "google", "meta", "shopify", "woocommerce", "wix", "magento", "bigcommerce", "prestashop", "squarespace", "csv", "xlsx", "xml",
    "json", "jsonl", "parquet", "folder",
)  # fmt: skip
PICTURES: Final = {
    "auto": N_("Find out by itself"),
    "cut-out": N_("Single garments, cut out"),
    "garments": N_("Garments that are worn or lie somewhere"),
}
STATES: Final = {
    "waiting": N_("Waits its turn"),
    "running": N_("Runs"),
    "done": N_("Done"),
    "failed": N_("Failed"),
}
_EVERY_S: Final = 1.0
_HINT: Final = "[data-testid=stFileUploaderDropzoneInstructions]"
_JOB: Final = "import-job"
_FEED: Final = "import-feed"
"""The last feed that was sent, with its job and options: it is sent once more if hosts are allowed."""
_SENT: Final = "imports-sent"


def show() -> None:
    """Show it."""
    st.header(say("Import a feed"), anchor=False)
    st.markdown(
        say(
            "A feed of any usual format (Google Merchant, Meta, Shopify, JSONL, Parquet), or a zip "
            "of one with its pictures. What is unchanged costs nothing, and what cannot be read is "
            "listed with its reason."
        )
    )
    job = st.session_state.get(_JOB)
    if job:
        _watch(job)
    _form()
    _history()


def _form() -> None:
    _speak_box()
    key = f"feed-{st.session_state.get(_SENT, 0)}"  # an empty box after each upload
    with st.form("import", border=True):
        feed = st.file_uploader(say("Feed or zip"), key=key, max_upload_size=service.feed_mb())
        left, middle, right = st.columns(3)
        options: dict[str, Any] = {
            "format": left.selectbox(
                say("Format"), ["", *FORMATS], format_func=lambda name: name or say("Told by content"),
            ),
            "currency": middle.text_input(
                say("Currency where prices have none"), max_chars=3, placeholder="EUR"
            ).strip(),
            "pictures": right.selectbox(
                say("What pictures show"), list(PICTURES),
                format_func=lambda name: say(PICTURES[name]),
            ),
            "dry_run": st.checkbox(say("Only say what would happen"), value=False),
            "remove_missing": st.checkbox(say("Take out what the feed lacks"), value=False),
            "confirmed": st.checkbox(say("Even if that is more than half"), value=False),
            "max_reject_share": "1"
            if st.checkbox(say("Go on however many rows have to be left out"), value=False)
            else "",
        }  # fmt: skip
        if not st.form_submit_button(say("Import"), type="primary", icon=":material/upload:"):
            return
    if feed is None:
        st.warning(say("Choose a file first."))
        return
    try:
        job = shopkeeper.api().start_import(feed.name, feed.getvalue(), **_given(options))
    except ApiProblem as refused:
        tell(refused)
        return
    st.session_state[_FEED] = job.id, feed.name, feed.getvalue(), _given(options)
    st.session_state[_JOB] = job.id
    st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1
    st.rerun()


def _speak_box() -> None:
    """Put our words in the place of those that Streamlit has for its box, in English only."""
    button, hint = (
        json.dumps(text, ensure_ascii=False).replace("<", "")
        for text in (say("Choose a file"), say("up to {mb} MB").format(mb=service.feed_mb()))
    )
    empty = f"[data-testid=stFileUploaderDropzone]:has(> {_HINT})"
    st.html(
        "<span class='unseen'></span><style>"
        # its name stays for those who hear the page: hidden from sight alone
        f"{empty} button [data-testid=stMarkdownContainer], {_HINT} > * {{ position: absolute;"
        " width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }"
        f"{empty} button::after {{ content: {button}; }} {_HINT}::after {{ content: {hint}; }}"
        "</style>"
    )


def _given(options: dict[str, Any]) -> dict[str, str]:
    """Return the fields that say something."""
    fields = {
        name: str(value).lower() if value is True else value for name, value in options.items()
    }
    return {name: str(value) for name, value in fields.items() if value}


def _watch(name: str) -> None:
    """Show a job, again every second while it goes on."""
    try:
        ended = shopkeeper.api().import_job(name).state in {"done", "failed"}
    except ApiProblem as refused:
        tell(refused)
        return
    st.fragment(_one, run_every=None if ended else _EVERY_S)(name, live=not ended)


def _one(name: str, *, live: bool) -> None:
    try:
        job = shopkeeper.api().import_job(name)
    except ApiProblem as refused:
        tell(refused)
        return
    if live and job.state in {"done", "failed"}:
        st.rerun()  # the whole page: there is nothing to wait for any more
    with st.container(border=True, key="import-job"):
        st.subheader(plain.plain(job.source), anchor=False)
        if job.state in {"waiting", "running"}:
            _going(job)
        else:
            import_report.show(job)
            _hosts(job)


def _hosts(job: ImportJob) -> None:
    """Offer to take the feed once more with the hosts that its pictures lie at."""
    sent = st.session_state.get(_FEED)
    if not job.hosts:
        return
    hosts = ", ".join(sorted(job.hosts, key=lambda host: (-job.hosts[host], host)))
    st.info(
        say("{count} pictures lie at {hosts}, and nothing is fetched from there.").format(
            count=words.count(sum(job.hosts.values())), hosts=plain.plain(hosts)
        ),
        icon=":material/cloud_download:",
    )
    if sent is not None and sent[0] == job.id:
        st.button(
            say("Import it and fetch the pictures from there"),
            type="primary",
            on_click=_again,
            args=(hosts,),
            key="fetch-hosts",
        )


def _again(hosts: str) -> None:
    _, name, data, given = st.session_state[_FEED]
    asked = {key: value for key, value in given.items() if key != "dry_run"}
    try:
        job = shopkeeper.api().start_import(name, data, **asked, fetch=hosts)
    except ApiProblem as refused:
        tell(refused)
        return
    st.session_state[_JOB] = job.id
    st.session_state[_FEED] = None


def _going(job: ImportJob) -> None:
    share = min(1.0, job.done / job.total) if job.total else 0.0
    st.progress(share, text=pace(job))
    st.button(
        say("Stop"),
        icon=":material/stop_circle:",
        on_click=_stop,
        args=(job.id,),
        key="stop-import",
    )
    st.caption(
        say("What is stored so far stays when you stop; the next import goes on from there.")
    )


def pace(job: ImportJob) -> str:
    """Return how far an import is, and how fast, in one line."""
    parts = [say(STATES[job.state])]
    if job.step:
        parts.append(import_report.step(job.step))
    if job.total is not None:
        rows = say("{done} of {total} rows")
        parts.append(rows.format(done=words.count(job.done), total=words.count(job.total)))
    elif job.done:
        parts.append(say("{done} rows").format(done=words.count(job.done)))
    if job.rate > 0:
        parts.append(say("{rate} a second").format(rate=words.count(job.rate)))
    if job.eta_s:
        parts.append(say("about {time} to go").format(time=import_report.duration(job.eta_s)))
    return " · ".join(parts)


def _stop(name: str) -> None:
    try:
        shopkeeper.api().stop_import(name)
    except ApiProblem as refused:
        st.toast(plain.problem(refused.problem), icon=":material/error:")


def _history() -> None:
    st.header(say("Imports so far"), anchor=False)
    try:
        jobs = shopkeeper.api().imports()
    except ApiProblem as refused:
        tell(refused)
        return
    if not jobs:
        st.caption(say("Nothing was imported over the app yet."))
        return
    for job in jobs:
        with st.container(horizontal=True, vertical_alignment="center", key=f"job-{job.id}"):
            when = words.moment(job.started_at) if job.started_at else ""
            parts = [job.source, say(STATES[job.state]), when, import_report.brief(job)]
            st.text(" · ".join(filter(None, parts)), width="stretch")
            st.button(
                say("Show"), key=f"show-{job.id}", type="tertiary", on_click=_choose,
                args=(job.id,), help=plain.plain(say("Show the import of {name}").format(name=job.source)),
            )  # fmt: skip


def _choose(name: str) -> None:
    st.session_state[_JOB] = name
