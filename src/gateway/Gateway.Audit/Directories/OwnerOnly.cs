namespace Gateway.Audit.Directories;

/// <summary>
/// Keeps what a gateway wrote from other users of the machine: folders 0700, files 0600, also where an older version,
/// a restored backup or a volume's driver made them readable.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Links are left as they are: what they lead to is somebody else's.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>
    /// A folder that may be another's, such as the root of a volume or <c>/tmp</c>: it stays as it is then, and what is
    /// in the folders that we make there is ours alone.
    /// </summary>
    public static void Try(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            if ((File.GetUnixFileMode(folder) & UnixFileMode.StickyBit) == 0)
                Tighten(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours to change.
        }
    }

    /// <summary>A folder with everything in it.</summary>
    /// <exception cref="IOException">Something there is readable by others and cannot be changed.</exception>
    public static void Require(string what, string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var at = folder;
        try
        {
            Tighten(folder);
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", Everything))
            {
                at = entry;
                Tighten(entry);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process of ours took it away meanwhile; the lock of its folder says so in a moment.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The {what} directory {Path.GetFullPath(folder)} is readable by other users, and this process may not "
                + $"change that ({Path.GetFullPath(at)}: {SystemError.Words(e)}). As its owner or root run: "
                + $"chmod -R go= {Path.GetFullPath(folder)}", e);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Tighten(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~Owner) != 0)
            File.SetUnixFileMode(path, mode & Owner);
    }
}
