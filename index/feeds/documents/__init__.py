"""Documents of records inside one another: JSON, XML, workbooks."""
