"""Referrals: make one, read it from each side, take its steps."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care import policies
from teduh.care.actions import referrals
from teduh.care.models import Referral
from teduh.care.queries.choices import place_of, referral_targets
from teduh.care.queries.desk import referrals_page
from teduh.care.queries.load import visible_episode, visible_referral
from teduh.care.queries.single import referral_page
from teduh.care.states import EpisodeState, ReferralStep, Urgency
from teduh.care.web.forms import AnswerForm, OverrideForm, ReferralForm, ReturnForm
from teduh.care.web.paging import page_number, posted
from teduh.care.web.views.episodes import CARERS
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.kernel.forms import ActionForm
from teduh.people.access import Actor
from teduh.people.gate import ActorRequest, page


@page(*CARERS, methods=("GET",))
def index(request: ActorRequest) -> HttpResponse:
    """List the referrals that the actor sees."""
    return render(
        request, "care/referrals.html", {"page": referrals_page(request.actor, page_number(request))}
    )


@page(*CARERS)
def make(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Refer a person to another level; it reaches nobody before they agree."""
    episode = visible_episode(request.actor, public_id)
    policies.insist(policies.may_lead(request.actor, episode))
    if episode.state == EpisodeState.CLOSED and request.method == "GET":
        return redirect("care:episode", public_id)
    form = ReferralForm(posted(request), targets=referral_targets(episode))
    if request.method == "POST":

        def act(data: dict[str, str]) -> Referral:
            level, organisation = place_of(data["target"])
            return referrals.make_referral(
                episode=episode,
                to_level=level,
                to_organisation=organisation,
                urgency=Urgency(data["urgency"]),
                reason=data["reason"],
                summary=data["summary"],
                by=request.actor,
                at=clock.now(),
                client_id=uuid.UUID(str(data["client_id"])),
            )

        made = form.attempt(act)
        if made is not None:
            messages.success(request, _("The person is asked now. It is sent once they agree."))
            return redirect("care:referral", made.public_id)
    return render(request, "care/new_referral.html", {"form": form, "episode": episode})


@page(methods=("GET",))
def show(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a referral to its sender, its receiver or the person."""
    return _render(request, public_id)


def _render(
    request: ActorRequest,
    public_id: uuid.UUID,
    *,
    answer: ActionForm | None = None,
    gives_back: ActionForm | None = None,
    override: ActionForm | None = None,
) -> HttpResponse:
    it = referral_page(request.actor, public_id)
    context = {
        "it": it,
        "can": {step.value for step in it.steps},
        "answer": answer or AnswerForm(),
        "gives_back": gives_back or ReturnForm(),
        "override": override or OverrideForm(),
        "form": ActionForm(),
    }
    return render(request, "care/my_referral.html" if it.side == "person" else "care/referral.html", context)


Act = Callable[[Referral, Actor, datetime, dict[str, str]], object]

#: Steps that carry an answer.
_ANSWERED: dict[str, Act] = {
    ReferralStep.ACCEPT: lambda row, by, at, data: referrals.accept_referral(
        referral=row, answer=data["answer"], by=by, at=at
    ),
    ReferralStep.DECLINE: lambda row, by, at, data: referrals.decline_referral(
        referral=row, answer=data["answer"], by=by, at=at
    ),
    ReferralStep.RETURN: lambda row, by, at, data: referrals.return_referral(
        referral=row, answer=data["answer"], by=by, at=at
    ),
}
#: Steps that need no words.
_PLAIN: dict[str, Act] = {
    ReferralStep.HAND_OVER: lambda row, by, at, data: referrals.hand_over(referral=row, by=by, at=at),
    ReferralStep.WITHDRAW: lambda row, by, at, data: referrals.withdraw_referral(referral=row, by=by, at=at),
    ReferralStep.CONSENT: lambda row, by, at, data: referrals.answer_consent(
        referral=row, agrees=True, by=by, at=at, client_id=uuid.UUID(str(data["client_id"]))
    ),
    ReferralStep.REFUSE: lambda row, by, at, data: referrals.answer_consent(
        referral=row, agrees=False, by=by, at=at, client_id=uuid.UUID(str(data["client_id"]))
    ),
}


@page(methods=("POST",))
def step(request: ActorRequest, public_id: uuid.UUID, step: str) -> HttpResponse:
    """Take a step of a referral."""
    row = visible_referral(request.actor, public_id)
    if step in _ANSWERED or step == ReferralStep.OVERRIDE:
        return _worded_step(request, row, step)
    if step not in _PLAIN:
        raise NotVisible
    form = ActionForm(request.POST)
    done = form.attempt(lambda data: _PLAIN[step](row, request.actor, clock.now(), data) or True)
    if done is None:
        messages.error(request, _("That did not work. The page shows the latest state."))
    return redirect("care:referral", public_id)


def _worded_step(request: ActorRequest, row: Referral, step: str) -> HttpResponse:
    if step == ReferralStep.OVERRIDE:
        override = OverrideForm(request.POST)
        done = override.attempt(
            lambda data: (
                referrals.override_consent(
                    referral=row, reason=data["override_reason"], by=request.actor, at=clock.now()
                )
                or True
            )
        )
        if done is None:
            return _render(request, row.public_id, override=override)
        return redirect("care:referral", row.public_id)
    gives_back = step == ReferralStep.RETURN
    answer = ReturnForm(request.POST) if gives_back else AnswerForm(request.POST)
    answered = answer.attempt(lambda data: _ANSWERED[step](row, request.actor, clock.now(), data) or True)
    if answered is None:
        return _render(request, row.public_id, **{"gives_back" if gives_back else "answer": answer})
    if step == ReferralStep.ACCEPT and row.to_episode is not None:
        messages.success(request, _("Accepted. The sender and the person know."))
        return redirect("care:episode", row.to_episode.public_id)
    return redirect("care:referral", row.public_id)
