"""The parts of the page, each as the values that its template shows."""
