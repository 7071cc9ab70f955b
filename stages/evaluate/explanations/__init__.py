"""What can be measured of explanations without anybody's opinion."""
