"""The public site: the map of territories, sign-in, joining, people, and what every public service has to say."""

from django.urls import include, path

from territories import views

urlpatterns = [
    path("", views.home, name="home"),
    path("your-territories/", views.your_territories, name="your_territories"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("territories.joining.urls")),
    path("", include("territories.people.urls")),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("health/", views.health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
]
