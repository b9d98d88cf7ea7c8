//! Every example is a policy that uses one capability.
