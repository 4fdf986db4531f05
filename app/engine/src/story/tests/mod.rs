mod text;
mod verbs;
