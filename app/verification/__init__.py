"""verification: kiosks verify codes, online and off."""
