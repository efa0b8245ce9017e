"""Are papers and letters right, readable, and impossible to forge?"""
