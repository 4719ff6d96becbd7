"""Words for the spine's codes, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care.states import (
    AlertSource,
    AlertState,
    Door,
    EpisodeState,
    LevelKey,
    ReferralState,
    RequestState,
    Severity,
    TeamPart,
    Topic,
    Urgency,
    Wish,
)

TOPICS = {
    Topic.FRIENDS: _("Friends"),
    Topic.BULLYING: _("Bullied or mocked"),
    Topic.FAMILY: _("Family"),
    Topic.STUDY: _("School and study"),
    Topic.FEELINGS: _("My feelings"),
    Topic.LOVE: _("Love"),
    Topic.SELF_HARM: _("Hurting myself"),
    Topic.VIOLENCE: _("Hurt or touched by someone"),
    Topic.LOSS: _("Loss and grief"),
    Topic.CAREER: _("Future and career"),
    Topic.OTHER: _("Something else"),
}
TOPIC_ICONS = {
    Topic.FRIENDS: "users-round",
    Topic.BULLYING: "shield-alert",
    Topic.FAMILY: "house",
    Topic.STUDY: "book-open",
    Topic.FEELINGS: "cloud-sun",
    Topic.LOVE: "heart",
    Topic.SELF_HARM: "heart-crack",
    Topic.VIOLENCE: "hand",
    Topic.LOSS: "leaf",
    Topic.CAREER: "compass",
    Topic.OTHER: "message-circle",
}
WISHES = {
    Wish.PEER: _("A friend of my own age"),
    Wish.COUNSELLOR: _("A school counsellor"),
    Wish.DEEPER: _("Deeper help"),
    Wish.UNSURE: _("I do not know yet"),
}
WISH_ICONS = {
    Wish.PEER: "users-round",
    Wish.COUNSELLOR: "message-circle-heart",
    Wish.DEEPER: "hand-heart",
    Wish.UNSURE: "circle-question-mark",
}
WISH_HELPS = {
    Wish.PEER: _("A trained student listens; they see your nickname only."),
    Wish.COUNSELLOR: _("An adult at your school, bound to secrecy."),
    Wish.DEEPER: _("Psychologists and social workers, through your counsellor."),
    Wish.UNSURE: _("A counsellor reads and suggests something."),
}
LEVELS = {
    LevelKey.PEER: pgettext_lazy("level of care", "Peer support"),
    LevelKey.COUNSELLING: pgettext_lazy("level of care", "Counselling"),
    LevelKey.PSYCHOSOCIAL: pgettext_lazy("level of care", "Psychosocial services"),
}
DOORS = {
    Door.SELF: _("Asked for themself"),
    Door.FRIEND: _("A friend is worried"),
    Door.TEACHER: _("From a teacher"),
    Door.GUARDIAN: _("From a guardian"),
    Door.STAFF: _("From staff"),
}
URGENCIES = {
    Urgency.NOW: pgettext_lazy("urgency", "Now"),
    Urgency.TODAY: pgettext_lazy("urgency", "Today"),
    Urgency.WEEK: pgettext_lazy("urgency", "This week"),
}
URGENCY_TONES = {Urgency.NOW: "urgent", Urgency.TODAY: "concern", Urgency.WEEK: "info"}
REQUEST_STATES = {
    RequestState.RECEIVED: pgettext_lazy("request", "Received"),
    RequestState.ROUTED: pgettext_lazy("request", "Looking for someone"),
    RequestState.TAKEN: pgettext_lazy("request", "Someone is with you"),
    RequestState.ANSWERED: pgettext_lazy("request", "Answered"),
    RequestState.WITHDRAWN: pgettext_lazy("request", "Taken back"),
}
EPISODE_STATES = {
    EpisodeState.ACTIVE: pgettext_lazy("episode", "Under way"),
    EpisodeState.CLOSED: pgettext_lazy("episode", "Closed"),
}
PARTS = {
    TeamPart.LEAD: pgettext_lazy("care team", "Leads"),
    TeamPart.MEMBER: pgettext_lazy("care team", "Member"),
    TeamPart.SUPERVISOR: pgettext_lazy("care team", "Supervises"),
}
PURPOSES = {
    "lead": _("leads the care"),
    "supervision": _("supervises the peer supporter"),
    "referral": _("received the referral"),
    "aftercare": _("looks again after closing"),
    "cover": _("stands in"),
}
REFERRAL_STATES = {
    ReferralState.AWAITING_CONSENT: pgettext_lazy("referral", "Waits for consent"),
    ReferralState.CONSENT_REFUSED: pgettext_lazy("referral", "Person said no"),
    ReferralState.SENT: pgettext_lazy("referral", "Sent"),
    ReferralState.ACCEPTED: pgettext_lazy("referral", "Accepted"),
    ReferralState.DECLINED: pgettext_lazy("referral", "Declined"),
    ReferralState.HANDED_OVER: pgettext_lazy("referral", "Handed over"),
    ReferralState.RETURNED: pgettext_lazy("referral", "Returned"),
    ReferralState.WITHDRAWN: pgettext_lazy("referral", "Withdrawn"),
}
REFERRAL_TONES = {
    ReferralState.AWAITING_CONSENT: "info",
    ReferralState.CONSENT_REFUSED: "concern",
    ReferralState.SENT: "concern",
    ReferralState.ACCEPTED: "ok",
    ReferralState.DECLINED: "urgent",
    ReferralState.HANDED_OVER: "ok",
    ReferralState.RETURNED: "info",
    ReferralState.WITHDRAWN: "muted",
}
ALERT_STATES = {
    AlertState.RAISED: pgettext_lazy("alert", "Not in hand yet"),
    AlertState.ACKNOWLEDGED: pgettext_lazy("alert", "In hand"),
    AlertState.RESOLVED: pgettext_lazy("alert", "Resolved"),
}
ALERT_SOURCES = {
    AlertSource.MESSAGE: _("In a message"),
    AlertSource.REQUEST: _("In a request for help"),
    AlertSource.MEASURE: _("In a questionnaire"),
    AlertSource.CALL: _("A peer supporter calls you"),
    AlertSource.CLOCK: _("Something waits too long"),
}
SEVERITIES = {
    Severity.URGENT: pgettext_lazy("alert", "Urgent"),
    Severity.CONCERN: pgettext_lazy("alert", "Concern"),
}
CATEGORIES = {
    "suicide_self_harm": _("Suicide or self-harm"),
    "violence_abuse": _("Violence or abuse"),
    "danger_to_others": _("Danger to others"),
    "acute_crisis": _("Acute crisis"),
    "answers": _("Answers that worry"),
    "safety_item": _("Safety question answered yes"),
    "call": _("Call for the supervisor"),
    "question": _("Question to the supervisor"),
    "request_overdue": _("A request is not answered"),
    "referral_overdue": _("A referral is not answered"),
    "episode_quiet": _("Long without a contact"),
    "lead_gone": _("The helper can no longer be there"),
    "follow_up_overdue": _("A follow-up is overdue"),
    "response_overdue": _("A first response is overdue"),
    "plan_step_overdue": _("A step of a plan is overdue"),
}
REASONS = {
    "answer_safe_grave": _("says they are not safe now"),
    "answer_safe_worrying": _("is not sure to be safe"),
    "answer_hurt_grave": _("somebody hurts them now"),
    "answer_hurt_worrying": _("was hurt before"),
    "answer_die_grave": _("thinks of dying now"),
    "answer_die_worrying": _("sometimes thinks of dying"),
    "words_urgent": _("the words sound like danger"),
    "words_concern": _("the words sound worrying"),
    "topic_needs_adult": _("the topic needs an adult"),
    "somebody_worries": _("somebody else is worried"),
    "own_wish": _("it is their own wish"),
    "deeper_through_counsellor": _("deeper help begins with the counsellor"),
    "topic_near": _("a friend of the same age is near to this topic"),
    "topic_structured": _("this topic needs structured help"),
}
QUESTIONS = {
    "safe": _("Are you safe right now?"),
    "hurt": _("Is someone hurting you?"),
    "die": _("Do you think about dying or hurting yourself?"),
}
QUESTION_ANSWERS = {
    "safe": {"yes": pgettext_lazy("safe", "Yes"), "unsure": _("Not sure"), "no": pgettext_lazy("safe", "No")},
    "hurt": {"no": pgettext_lazy("hurt", "No"), "before": _("Before"), "now": pgettext_lazy("hurt", "Now")},
    "die": {
        "no": pgettext_lazy("die", "No"),
        "sometimes": _("Sometimes"),
        "now": pgettext_lazy("die", "Now"),
    },
}
#: What a person reads about who opened or changed what; other verbs are shown under a general word.
VERBS = {
    "care.episode.read": _("opened your care record"),
    "care.request.read": _("read your request"),
    "care.reply.read": _("read the answer to your request"),
    "care.referral.read": _("read your referral"),
    "care.alert.read": _("read an alert about you"),
    "care.results.read": _("looked at your questionnaires"),
    "care.goal.read": _("looked at your goals"),
    "care.follow_up.read": _("read how you were doing"),
    "messaging.room.read": _("opened the conversation"),
    "psychosocial.assessment.read": _("read your assessment"),
    "psychosocial.plan.read": _("read your plan"),
    "psychosocial.case.read": _("opened your case plan"),
    "counselling.session.read": _("read a session note"),
    "scheduling.appointment.read": _("read what you wrote for an appointment"),
    "people.safety.read": _("looked at who must not learn about you"),
}
REFERRAL_ICONS = {
    ReferralState.AWAITING_CONSENT: "message-circle-question-mark",
    ReferralState.CONSENT_REFUSED: "x",
    ReferralState.SENT: "send",
    ReferralState.ACCEPTED: "check",
    ReferralState.DECLINED: "x",
    ReferralState.HANDED_OVER: "handshake",
    ReferralState.RETURNED: "undo-2",
    ReferralState.WITHDRAWN: "undo-2",
}
ALERT_STEP_ICONS = {
    "raise": "siren",
    "climb": "arrow-up-right",
    "acknowledge": "hand",
    "again": "repeat",
    "pass_on": "user-round-cog",
    "resolve": "circle-check",
}
ALERT_STEPS = {
    "raise": pgettext_lazy("alert step", "Told"),
    "climb": pgettext_lazy("alert step", "Passed on, because nobody answered"),
    "acknowledge": pgettext_lazy("alert step", "Taken in hand"),
    "again": pgettext_lazy("alert step", "Found once more"),
    "pass_on": pgettext_lazy("alert step", "Passed on with the lead"),
    "resolve": pgettext_lazy("alert step", "Resolved"),
}
