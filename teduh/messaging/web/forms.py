"""The message form for phones without JavaScript."""

from django import forms
from django.utils.translation import gettext_lazy as _

from teduh.messaging.actions import TEXT_LIMIT


class MessageForm(forms.Form):
    """A message and the id that makes sending it twice harmless."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(
            attrs={
                "rows": 1,
                "autocomplete": "off",
                "enterkeyhint": "send",
                "placeholder": _("Write a message"),
            }
        ),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("This message is too long. Send at most %(limit_value)s characters at once."),
        },
    )
