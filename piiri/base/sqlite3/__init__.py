"""Django's SQLite with one thing more: the writers of a process queue up before BEGIN.

SQLite decides itself who may write, but its waiting is a row of naps: under load a writer may be
passed over for seconds. In one process a fair queue keeps that from happening, and a writer whose
turn it is need not nap. Between processes SQLite's own lock decides as ever.
"""
