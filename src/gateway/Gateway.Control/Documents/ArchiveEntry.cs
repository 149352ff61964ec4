namespace Gateway.Control.Documents;

/// <summary>An entry of an archive topic.</summary>
/// <param name="Number">The entry's number within its topic.</param>
/// <param name="Bytes">The length of the entry.</param>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal digits.</param>
public readonly record struct ArchiveEntry(long Number, int Bytes, string Sha256);
