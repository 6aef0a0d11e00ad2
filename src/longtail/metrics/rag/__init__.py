"""What a store and its log show of own outputs that come back: who restates whom, chains of echoes, and shares with intervals.

Pure functions over arrays; a text is what it says and nothing in it is followed.
"""
