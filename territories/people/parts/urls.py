from django.urls import path

from territories.journal.views import journal_of_people
from territories.people.parts import views

urlpatterns = [
    path("t/<slug:slug>/journal/", journal_of_people, name="journal_of_people"),
    path("t/<slug:slug>/people/", views.people, name="people"),
    path("t/<slug:slug>/people/invite/", views.invite, name="invite"),
    path("t/<slug:slug>/people/<int:pk>/end/", views.part_end, name="part_end"),
    path("t/<slug:slug>/people/<int:pk>/hand-over/", views.part_hand_over, name="part_hand_over"),
    path("t/<slug:slug>/invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
]
