"""What a walker looks like: limbs, clothes, bags, as points of a surface."""
