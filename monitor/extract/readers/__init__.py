"""Readers of list shapes that HTML structure does not show. Each module of this folder is one."""
