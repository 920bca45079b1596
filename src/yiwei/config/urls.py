"""Addresses; the kernel's registry fills them."""

urlpatterns = []
