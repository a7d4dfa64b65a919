"""The hours: what attendance adds up to, corrections, statements for the employer. Leans on meetings."""
