"""The school year: learning, school supply, admission, enrolment."""
