"""From applications and offers to groups that can meet: problem, solver, proposals, publishing.

A *run* asks the solver once and keeps its *proposal*. A *publishing* turns that into memberships step by
step and can be taken back until the first mail leaves. Leans on enrolments and groups.
"""
