"""Actions on the kernel's own documents."""
