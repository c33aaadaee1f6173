"""What leaves the program: stored results, reports, tables and annotated video, all from a result alone."""
