"""Accounts: the log-in of a person."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from teduh.kernel.ids import new_public_id
from teduh.people.models.person import Person

#: Never used by its owner alone: the password came from a card, or there is none yet.
NEVER_OWN = Q(must_set_password=True) | Q(password__startswith="!")  # noqa: S106 (the mark of "none")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Make an account; without a password nobody can log in until a class card or reset sets one."""
        fields["email"] = str(fields.get("email", "")).strip().lower()
        account = self.model(username=username.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find by username, whatever its case."""
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """What logs in: students by username, staff by e-mail as well; it holds no rights, roles do."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    must_set_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="id")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="account_email_once")
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """Nobody enters by Django's admin: sensitive tables are not there, and rights come from roles."""
        return False

    @property
    def is_superuser(self) -> bool:
        """There is no superuser: technical administrators see no content."""
        return False


class LoginDelay(models.Model):
    """Failed log-ins of one (account name, device, network), as an HMAC; delays grow, nothing locks."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    updated_at = models.DateTimeField()
