"""applications: typed applications 申请 in a case, each with its clock and its reply."""
