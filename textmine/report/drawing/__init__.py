"""The figures of a report as SVG, and as PNG for documents."""
