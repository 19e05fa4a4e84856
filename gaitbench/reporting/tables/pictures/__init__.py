"""Tables of what pictures look like: the slides' two, differences, measures, trainings, claims."""
