namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A journal that must not be used as it is: corrupt, locked, or of a newer format. The message says what to do.
/// </summary>
public sealed class JournalException : IOException
{
    /// <summary>Says what is wrong with which journal.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong with which journal, and what the system said.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
