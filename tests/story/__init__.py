"""Do the stories do, in order, what they promise?"""
