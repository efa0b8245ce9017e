"""Do both sets of adapters keep what the ports promise, and tell AWS's troubles apart?"""
