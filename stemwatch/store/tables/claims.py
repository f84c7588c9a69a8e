"""What notices quote, by what it claims."""

CLAIMS = """
CREATE TABLE notice_claims (
    notice INTEGER NOT NULL REFERENCES notices (id),
    category TEXT NOT NULL,
    grade TEXT NOT NULL,
    disease TEXT NOT NULL,
    family TEXT NOT NULL,
    product TEXT NOT NULL,
    route TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    standing TEXT NOT NULL
);
CREATE INDEX claims_by_disease ON notice_claims (category, disease);
CREATE INDEX claims_by_family ON notice_claims (category, family);
CREATE INDEX claims_of_notice ON notice_claims (notice)
"""
