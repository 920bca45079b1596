"""The seven ideas of the house and its web shell. Knows no word of the trade.

tenancy    one dealer's rows, fenced three times
flow       states and the visible set of moves between them
document   a number, an outlet, an owner, a state, a timeline
action     the only door through which business data changes
reaction   what happens by itself after another room's action
scope      who sees which rows and which fields
approval   a flow the tenant designs, set in front of any action
register   a list, a detail and a form from one class
report     a query and its columns from one class
"""
