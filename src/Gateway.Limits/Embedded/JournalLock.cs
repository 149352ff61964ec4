namespace Gateway.Limits.Embedded;

/// <summary>
/// Keeps a second process out: a file of its own that is never renamed or removed, locked while this lives.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    public const string Name = "journal.lock";

    private readonly FileStream _stream;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalException">Another process holds it.</exception>
    public JournalLock(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new JournalException(
                $"{path} is locked: another gateway uses this data directory. Stop it, or give this one its own.",
                failure);
        }
    }

    public void Dispose() => _stream.Dispose();
}
