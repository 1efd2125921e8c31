"""authorization 扫一扫: relying parties, scan tickets, consent, OpenID provider, grants, acts."""
