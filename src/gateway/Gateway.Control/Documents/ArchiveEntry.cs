namespace Gateway.Control.Documents;

/// <summary>An entry of an archive's shelf.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal digits.</param>
public readonly record struct ArchiveEntry(long Number, int Bytes, string Sha256);
