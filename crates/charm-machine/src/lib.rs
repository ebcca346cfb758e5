//! What a machine charm does to its machine, with a scratch double for tests.
