"""The person's own pages: ask, worry about a friend, what became of it, the own record."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care import labels
from teduh.care.actions import goals, requests
from teduh.care.queries.mine import goal_words, load_my_request, my_care, my_goal, my_record, my_sent_request
from teduh.care.states import Door, Topic, Wish
from teduh.care.web.forms import AskForm, RatingForm, WorryForm
from teduh.care.web.paging import page_number, posted
from teduh.kernel import clock
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role


@page(Role.STUDENT)
def ask(request: ActorRequest) -> HttpResponse:
    """Ask for help: a topic and "send" are enough."""
    wish = request.GET.get("wish", "")
    form = AskForm(posted(request), initial={"wish": wish} if wish in set(Wish) else {})
    if request.method == "POST":
        sent = form.attempt(
            lambda data: requests.send_request(
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
                door=Door.SELF,
                topic=Topic(data["topic"]),
                wish=Wish(data["wish"]),
                text=data["text"],
                answers=form.answers(),
            )
        )
        if sent is not None:
            return redirect("care:sent", sent.public_id)
    chosen = form["wish"].value() if wish in set(Wish) else ""
    context = {
        "form": form,
        "chosen": chosen in set(Wish) and chosen,
        "chosen_label": labels.WISHES.get(Wish(chosen), "") if chosen in set(Wish) else "",
        "asked": form.any_answer(),
    }
    return render(request, "care/ask.html", context)


@page(Role.STUDENT, Role.PEER_SUPPORTER)
def ask_for_friend(request: ActorRequest) -> HttpResponse:
    """Tell that somebody else may need help."""
    form = WorryForm(posted(request))
    if request.method == "POST":
        sent = form.attempt(
            lambda data: requests.send_request(
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
                door=Door.FRIEND,
                topic=Topic(data["topic"]),
                wish=Wish.UNSURE,
                text=data["text"],
                about=data["about"],
                answers=form.answers(),
            )
        )
        if sent is not None:
            return redirect("care:sent", sent.public_id)
    return render(request, "care/worry.html", {"form": form, "asked": form.any_answer()})


@page(methods=("GET",))
def sent(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Tell what happens with a request, truthfully."""
    return render(request, "care/sent.html", {"sent": load_my_request(request.actor, public_id)})


@page(methods=("GET",))
def live_sent(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the state of a request as a fragment, so that a waiting page changes by itself."""
    return render(request, "care/_sent.html", {"sent": load_my_request(request.actor, public_id)})


@page(methods=("POST",))
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a waiting request back."""
    row = my_sent_request(request.actor, public_id)
    requests.withdraw_request(request=row, by=request.actor, at=clock.now())
    messages.success(request, _("Taken back. You can ask again at any time."))
    return redirect("home")


@page(methods=("GET",))
def record(request: ActorRequest) -> HttpResponse:
    """Show the own way, who may see it, and who opened it."""
    return render(request, "care/record.html", {"record": my_record(request.actor, page_number(request))})


@page()
def rate(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Rate how near an own goal feels."""
    goal = my_goal(request.actor, public_id)
    form = RatingForm(posted(request))
    if request.method == "POST":
        done = form.attempt(
            lambda data: goals.rate_goal(
                goal=goal, value=data["value"], by=request.actor, at=clock.now(), client_id=data["client_id"]
            )
        )
        if done is not None:
            messages.success(request, _("Noted. Thank you."))
            return redirect("care:record")
    return render(
        request,
        "care/rate.html",
        {
            "form": form,
            "goal": goal_words(request.actor, goal),
            "lead": _("How does it feel today? There is no wrong answer."),
        },
    )


@page(methods=("GET",))
def live_mine(request: ActorRequest) -> HttpResponse:
    """Return the own state of things as a fragment."""
    return render(request, "care/_mine.html", {"care": my_care(request.actor)})
