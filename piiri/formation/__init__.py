"""From applications and offers to groups that can meet: the problem, the solver, proposals, publishing. Leans on enrolments."""
