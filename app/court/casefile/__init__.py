"""The case 案件 itself, on which the other parts of `court` stand."""
