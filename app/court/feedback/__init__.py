"""What lawyers think of the courts and of the platform 评价·建议·投诉, and the sealed path."""
