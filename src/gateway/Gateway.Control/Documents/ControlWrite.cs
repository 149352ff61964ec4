namespace Gateway.Control.Documents;

/// <summary>The result of a compare-and-swap.</summary>
/// <param name="IsWritten">False if the document was not at the expected version; then nothing changed.</param>
/// <param name="Version">
/// The document's version now: the new one (after a deletion, the deletion's revision), or after a conflict the
/// existing one, 0 if there is none.
/// </param>
public readonly record struct ControlWrite(bool IsWritten, long Version)
{
    /// <summary>Returns the result of a successful write.</summary>
    public static ControlWrite Written(long version) => new(true, version);

    /// <summary>Returns the result of a write that found another version.</summary>
    public static ControlWrite Conflict(long version) => new(false, version);
}
