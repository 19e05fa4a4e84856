"""Any source to our layout: silhouettes converted, videos cut into the walks of people, all of it scored."""
