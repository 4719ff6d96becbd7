"""Forms of the people room."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from teduh.kernel.errors import Refused
from teduh.people.importing.reader import refusal_text
from teduh.people.importing.workbook import MAX_BYTES
from teduh.people.models import Account, Organisation, Person
from teduh.people.names_of import ROLE_NAMES, SAFETY_NAMES
from teduh.people.states import Role


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Put what an action refused beside the field it belongs to."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused.message))


class OnceForm(forms.Form):
    """A form with a UUID of its own: sending it twice does the thing once."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_key(self) -> uuid.UUID:
        """Return the form's id, a new one where a script left it out."""
        return self.cleaned_data["key"] or uuid.uuid4()


class OwnPasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 8 signs. Three words that only you put together are good."),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse what others would guess."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password

    def clean_again(self) -> str:
        """Refuse a slip of the finger."""
        again: str = self.cleaned_data["again"]
        first = self.data.get(self.add_prefix("password"))
        if first is not None and again != first:
            raise ValidationError(_("The two do not match. Please type the second one again."))
        return again


class LanguageForm(forms.Form):
    """The language of the account."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class HomeroomForm(forms.Form):
    """Who is homeroom teacher of a class."""

    teacher = forms.ChoiceField(label=_("Homeroom teacher"), required=False)

    def __init__(self, *args: Any, teachers: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teachers = {str(teacher.public_id): teacher for teacher in teachers}
        field = self.fields["teacher"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody yet")), *((key, one.full_name) for key, one in self.teachers.items())]

    @property
    def chosen(self) -> Person | None:
        """Who was chosen, None for nobody."""
        return self.teachers.get(self.cleaned_data["teacher"])


class UploadForm(OnceForm):
    """A workbook with the student list, and the school it belongs to."""

    file = forms.FileField(
        label=_("Student list from Dapodik (.xlsx)"),
        help_text=_("In Dapodik: Peserta Didik, then “Unduh”. At most 20 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={
            "required": _("Please choose the file first."),
            "empty": _("There is nothing in this file."),
        },
    )
    school = forms.ChoiceField(label=_("School"))

    def __init__(self, *args: Any, schools: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {str(school.public_id): school for school in schools}
        field = self.fields["school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, school.name) for key, school in self.schools.items()]
        if len(schools) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(schools[0].public_id)

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(refusal_text("too_large", {"limit": MAX_BYTES // 1024 // 1024}))
        return file

    @property
    def chosen_school(self) -> Organisation:
        """The school the list belongs to."""
        return self.schools[self.cleaned_data["school"]]


class ConfirmForm(forms.Form):
    """Take the list over; students who are missing from it leave only on request."""

    mark_left = forms.BooleanField(
        label=_("Note students who are not in the list as having left"),
        help_text=_("Only for a list of the whole school."),
        required=False,
    )


class FindForm(forms.Form):
    """A part of a name."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80)


class PeopleForm(FindForm):
    """A part of a name, a role."""

    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All roles")), *((role.value, name) for role, name in ROLE_NAMES.items())]
        field.widget.attrs["data-autosubmit"] = ""


class GiveRoleForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, ROLE_NAMES[role]) for role in roles]


class StaffForm(GiveRoleForm):
    """A new member of staff."""

    full_name = forms.CharField(label=_("Full name"), max_length=160)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    field_order = ("full_name", "email", "role")


class PhoneForm(forms.Form):
    """The number on the crisis card."""

    organisation = forms.ChoiceField(label=_("School"))
    phone = forms.CharField(
        label=_("Phone of the school"),
        help_text=_("A number that is answered, such as that of the counselling room."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.public_id): one for one in organisations}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.name) for key, one in self.organisations.items()]
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()
        field.initial = str(organisations[0].public_id)
        self.fields["phone"].initial = organisations[0].phone

    @property
    def chosen(self) -> Organisation:
        """The organisation whose number it is."""
        return self.organisations[self.cleaned_data["organisation"]]


class GuardianForm(forms.Form):
    """Which guardian gets a log-in."""

    guardian = forms.IntegerField(widget=forms.HiddenInput)


class SafetyForm(forms.Form):
    """How contact with a guardian is judged."""

    guardian = forms.IntegerField(widget=forms.HiddenInput)
    safety = forms.ChoiceField(
        label=_("Contact with this guardian"), choices=[(s.value, name) for s, name in SAFETY_NAMES.items()]
    )


class ExcludeForm(forms.Form):
    """Who is shut out, and why."""

    excluded = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Only counsellors of the school can read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
