namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Excludes a second process with a separate file that is never renamed or removed, and is locked for the lifetime of
/// this object.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    public const string Name = "journal.lock";

    private readonly FileStream _stream;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalException">Another process has the lock.</exception>
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
    /// Returns true for the system's error "would block" on Linux and macOS, or a sharing violation on Windows.
    /// </summary>
    private static bool IsHeld(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is 32 or 33
        : failure.HResult is 11 or 35;

    public void Dispose() => _stream.Dispose();
}
