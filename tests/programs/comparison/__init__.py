# SPDX-License-Identifier: MIT
"""comparison: what a program does under vmm against what it does on Linux; used by tests/programs/run."""
