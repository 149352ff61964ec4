namespace Gateway.Audit.Directories;

/// <summary>
/// Protects the gateway's files from other users of the machine: folders get mode 0700 and files 0600, even if an older
/// version, a restored backup or a volume's driver made them readable.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Symbolic links are left alone: their targets may belong to someone else.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>
    /// Restricts a folder that may belong to someone else, such as the root of a volume or <c>/tmp</c>. If it does, it
    /// stays as it is; the folders that the gateway creates inside it are protected separately.
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
            // The folder belongs to another user.
        }
    }

    /// <summary>Restricts a folder and everything in it.</summary>
    /// <exception cref="IOException">Something in it is readable by others and cannot be changed.</exception>
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
            // Another process of the gateway deleted the file concurrently; the folder's lock reports that a moment
            // later.
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
