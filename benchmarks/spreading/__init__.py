"""What benchmarks/spread.py spreads that is made up."""
