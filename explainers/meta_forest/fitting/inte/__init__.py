"""A reconstruction of CNN-INTE: its two clustering levels, base learners and meta-learner."""
