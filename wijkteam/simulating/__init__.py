"""Trying a workflow: a discrete-event simulation by its own terms, fitted to the event log, told with its own doubts.

The model. A subject enters a state (on a ladder: a rung of it) and stays until a person or the clock ends the stay.

- Terms are the definition's own, and a missed one tries `on_miss` in order; guards about the rung are kept, others are
  taken as open. A rung that nobody holds is passed over as the real effects do.
- What people do in a stay (steps beside the road, and the step that ends it) is drawn as a whole from the stays of the
  past in that state, on that rung; with fewer than ten, of all rungs together, else from given figures. Stays that
  the clock or the present broke off count for the time they lasted (Kaplan and Meier).
- The log shows how long a stay lasted, never how long somebody worked. Each step takes a given effort, at most as long
  as it took in the past, of one person of the function that takes it; what is left is the delay before that. Work waits
  in line for the people there are. Where the people known cannot have done the past's work, nothing waits for them.
- Time counts in office hours when people in the past kept to working days, else around the clock.
- Subjects come in as in whole weeks of the past, or so many a week by chance.

The comparison. Fitted to the first part of the past, it plays the arrivals of the rest to the same last moment. Missed
terms do something in it only if they did in the past. Per state it compares how long stays lasted and which were late.
"""
