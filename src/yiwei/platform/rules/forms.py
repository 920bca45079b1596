"""What an operator fills in."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.forms import shown_fields

CODE = RegexValidator(r"^[a-z][a-z0-9-]{1,38}$", _("Small letters, digits and hyphens, beginning with a letter."))


class Entry(forms.Form):
    """A form that the house's templates can show."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    @property
    def problems(self):
        return {name: list(texts) for name, texts in self.errors.items()} if self.is_bound else {}

    def shown(self):
        for name in self.problems:
            if name in self.fields:
                self.fields[name].widget.attrs["class"] += " is-invalid"
        return shown_fields(self)


class OpenDealer(Entry):
    code = forms.CharField(label=_("Code"), max_length=39, validators=[CODE],
                           help_text=_("Short and lasting: it ends the sign-in names, as in name@code."))
    name = forms.CharField(label=_("Company name"), max_length=120)
    admin_name = forms.CharField(label=_("First administrator"), max_length=60)
    username = forms.CharField(label=_("Sign-in name"), max_length=80, required=False,
                               help_text=_("Left empty, it is admin@ and the code."))

    def clean(self):
        data = super().clean()
        if not data.get("username") and data.get("code"):
            data["username"] = f"admin@{data['code']}"
        return data


class Reason(Entry):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class Reset(Entry):
    username = forms.ChoiceField(label=_("Administrator"))

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].choices = [(username, f"{name} · {username}") for username, name, _seen in people]
        self.fields["username"].widget.attrs["class"] = "form-select"
