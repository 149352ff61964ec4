using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Audit.Directories;

/// <summary>
/// What a gateway keeps on disk has to be writable before it listens: a process that says ready and then fails its
/// first call is of no use to anybody.
/// </summary>
public static class DataDirectory
{
    /// <summary>A file that is in the data directory while a restored backup is put in place there.</summary>
    public const string RestoringName = "restore-unfinished";

    /// <summary>A file with what a restore did, until the first start afterwards has recorded it.</summary>
    public const string RestoreRecordName = "restore-record";

    private const int ProbeBytes = 4096;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NoRoom = 28;
    private const int ReadOnly = 30;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Makes the directory, for its owner only, and the named ones in it, and takes what is there already from others;
    /// writes into each.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="parts">The directories in it that this process writes to.</param>
    /// <exception cref="IOException">One cannot be written; the message says which, as which user, why, and the way
    /// out.</exception>
    public static void RequireWritable(string path, params ReadOnlySpan<string> parts)
    {
        if (File.Exists(Path.Combine(path, RestoringName)))
        {
            throw new IOException($"The data directory {Path.GetFullPath(path)} holds half of a backup: \"gateway "
                + "restore\" did not finish there. Run it again.");
        }

        RequireOne("data", path);
        OwnerOnly.Try(path);
        foreach (var part in parts)
        {
            var folder = Path.Combine(path, part);
            RequireOne(part, folder);
            OwnerOnly.Require(part, folder);
        }
    }

    /// <summary>Makes a directory for its owner only, where there is none.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFile | UnixFileMode.UserExecute);
    }

    /// <summary>Takes a directory for this process as long as the file is open.</summary>
    /// <exception cref="IOException">Another process holds it.</exception>
    internal static FileStream Hold(string path, string what)
    {
        try
        {
            return Owned(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (SystemError.IsHeld(e))
        {
            throw new IOException(
                $"The {what} directory {Path.GetFullPath(path)} cannot be used by {User()}: another process holds it. "
                + "Stop that gateway, or give this one a data directory of its own with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(what, path, e);
        }
    }

    /// <summary>Writes so many bytes into a directory, where there is room for them, and takes them away.</summary>
    /// <exception cref="IOException">They could not be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal static void Probe(string path, int bytes, bool flushToDisk)
    {
        var probe = Path.Combine(path, ".probe");
        try
        {
            using (var stream = Owned(probe, FileMode.Create, FileShare.Read))
            {
                stream.Write(new byte[bytes]);
                stream.Flush(flushToDisk);
            }

            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(probe);
            throw;
        }
    }

    private static void RequireOne(string what, string path)
    {
        try
        {
            Make(path);
            Probe(path, ProbeBytes, flushToDisk: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(what, path, e);
        }
    }

    private static IOException Refusal(string what, string path, Exception e)
    {
        var full = Path.GetFullPath(path);
        return new IOException(
            $"The {what} directory {full} cannot be used by {User()}: {SystemError.Words(e)}. {WayOut(full, e)}", e);
    }

    private static string WayOut(string path, Exception e) => SystemError.Errno(e) switch
    {
        NotPermitted or AccessDenied =>
            $"Give it to that user (chown -R {UserId()} {path}), or give another directory with --data.",
        ReadOnly => "Mount it so that it can be written, or give another directory with --data.",
        NoRoom => "Make room on its volume, or give another directory with --data.",
        _ when File.Exists(path) => "A file is in its place: move that away, or give another directory with --data.",
        _ => "Mend that, or give another directory with --data.",
    };

    /// <summary>A file that is its owner's alone where this makes it; unbuffered.</summary>
    public static FileStream Owned(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(path, options);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It could not be made either; why is what the caller says.
        }
    }

    /// <summary>Who this process is to the system: in a container there may be a number and no name.</summary>
    private static string User() => OperatingSystem.IsWindows()
        ? $"user {Environment.UserName}"
        : $"user {Environment.UserName} (uid {UserId()})";

    private static string UserId() => OperatingSystem.IsWindows()
        ? Environment.UserName
        : GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUserId();
}
