namespace Gateway.Control.Documents;

/// <summary>
/// The bound of every loop that repeats a compare-and-swap. A conflict means that another writer succeeded, so this
/// many in a row mean a store that serves outdated documents; a loop without a bound would then never end.
/// </summary>
public static class WriteAttempts
{
    /// <summary>The number of attempts before the write fails.</summary>
    public const int Max = 64;

    /// <summary>Returns the failure after the last attempt.</summary>
    /// <param name="what">The document, as the subject of a sentence.</param>
    public static ControlStoreException Exceeded(string what) => new(
        $"{what} was changed by others during each of {Max} attempts to write it. Try again; if this happens "
        + "again, the control store serves outdated documents.");
}
