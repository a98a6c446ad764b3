"""The public site: the map of territories, sign-in, joining, people, and what every public service has to say."""

from django.urls import include, path

from dicm.demo.letters import demo_letters
from territories import probes, views
from territories.notices.urls import public as notices
from territories.people.data import views as data
from territories.people.signing_in import views as your_account
from territories.people.staff.desk import desk

handler500 = "dicm.bare.failed"
urlpatterns = [
    path("", views.home, name="home"),
    path("your-territories/", views.your_territories, name="your_territories"),
    path("account/", your_account.account, name="account"),
    path("account/second-factor/", your_account.second_factor, name="second_factor"),
    path("account/data/", data.your_data, name="your_data"),
    path("account/data/file/", data.your_data_file, name="your_data_file"),
    path("account/close/", data.account_close, name="account_close"),
    path("stay/", views.stay_public, name="stay"),
    path("staff/", desk.urls),
    path("demo/letters/", demo_letters, name="demo_letters"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/openid/", include("territories.people.openid.urls")),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("", include(notices)),
    path("", include("territories.people.joining.urls")),
    path("", include("territories.people.parts.urls")),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("health/", probes.health, name="health"),
    path("ready/", probes.ready, name="ready"),
    path("i18n/", include("django.conf.urls.i18n")),
]
