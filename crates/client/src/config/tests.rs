mod addresses;
mod contradictions;
mod table;
