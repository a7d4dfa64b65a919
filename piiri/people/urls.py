"""Addresses of the room."""

from django.urls import path

from piiri.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.code, name="code"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("step-up/", views.step_up, name="step-up"),
    path("step-up/code/", views.step_up_code, name="step-up-code"),
    path("language/", views.speak, name="speak"),
    path("account/", views.account, name="account"),
    path("account/sessions/end/", views.end_sessions, name="end-sessions"),
    path("demo/", views.demo, name="demo"),
    path("demo/sign-in/<uid:person>/", views.demo_sign_in, name="demo-sign-in"),
]
