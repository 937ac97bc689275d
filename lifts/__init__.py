"""
Lifts 加装电梯: where a lift fits beside a stair unit, what would have to give way, or why not.

Every answer names the object, what was measured, what is required and the clause. What nobody
surveyed makes an answer unknown, never feasible.
"""
