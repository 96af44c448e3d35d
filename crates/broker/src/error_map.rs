//! The one place where errors of the domain become Kafka's codes. No arm is a wildcard: whoever adds an error chooses its
//! code here, or it does not compile.
