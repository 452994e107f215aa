/// The version of the libraries and the command: the newest of CHANGELOG.md.
let version = "1.0.0"
