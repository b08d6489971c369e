"""Which address belongs to which face."""
from django.urls import include, path
urlpatterns: list = []
