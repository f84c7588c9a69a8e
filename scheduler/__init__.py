"""The scheduler decides when, and wires everything: the command line, the jobs, the service.

The only home of APScheduler.
"""
