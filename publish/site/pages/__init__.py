"""The pages, one module for each: a function from what is asked to what is answered."""
