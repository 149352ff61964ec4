namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Reports a journal that must not be used as it is: corrupt, locked or of a newer format. The message describes the
/// remedy.
/// </summary>
public sealed class JournalException : IOException
{
    /// <summary>Creates the exception with a message that names the journal and the problem.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message that names the journal and the problem, and its cause.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
