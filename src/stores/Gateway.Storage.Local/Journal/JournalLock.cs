namespace Gateway.Storage.Local.Journal;

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
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _stream = new FileStream(path, options);
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new JournalException(
                $"The journal's directory {Path.GetFullPath(folder)} cannot be used by user {Environment.UserName}: "
                + $"another process holds its {Name}. Stop that gateway, or give this one a data directory of its own "
                + "with --data.",
                failure);
        }
    }

    /// <summary>
    /// The system's number for "would block" on Linux and macOS, or for a sharing violation on Windows.
    /// </summary>
    private static bool IsHeld(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is 32 or 33
        : failure.HResult is 11 or 35;

    public void Dispose() => _stream.Dispose();
}
