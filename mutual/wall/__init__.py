"""wall: actor, relations and grants, policy vocabulary and compiler, managers, audit, notices."""
