"""Each draws one view and posts messages up; none knows the engine, the store or another widget's inside."""
