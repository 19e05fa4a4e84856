"""What a gait tells of a person besides the name: sex, bag, coat."""
