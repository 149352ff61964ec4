namespace Gateway.Control.Documents;

/// <summary>What became of a compare-and-swap.</summary>
/// <param name="IsWritten">False where the document was not at the expected version; then nothing changed.</param>
/// <param name="Version">
/// The document's version now: the new one (after a deletion, the deletion's revision), or on a conflict the one that
/// is there, 0 where there is none.
/// </param>
public readonly record struct ControlWrite(bool IsWritten, long Version)
{
    /// <summary>It was written.</summary>
    public static ControlWrite Written(long version) => new(true, version);

    /// <summary>Another version was there.</summary>
    public static ControlWrite Conflict(long version) => new(false, version);
}
