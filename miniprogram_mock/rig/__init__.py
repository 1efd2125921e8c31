"""The demo rig: a head drawn from one licensed photo, for machines without a camera."""
