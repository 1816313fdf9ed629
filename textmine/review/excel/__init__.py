"""The way of decisions by an edited workbook."""
