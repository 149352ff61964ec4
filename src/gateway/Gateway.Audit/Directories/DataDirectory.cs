using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Audit.Directories;

/// <summary>
/// Checks and prepares the directories of a gateway. They must be writable before it listens: a process that reports
/// ready and then fails its first call is useless.
/// </summary>
public static class DataDirectory
{
    /// <summary>File that exists in the data directory while <c>gateway restore</c> runs.</summary>
    public const string RestoringName = "restore-unfinished";

    /// <summary>File that describes a finished restore until the next start has recorded it in the audit log.</summary>
    public const string RestoreRecordName = "restore-record";

    private const int ProbeBytes = 4096;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NoRoom = 28;
    private const int ReadOnly = 30;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Creates the directory and the named subdirectories for their owner only, removes the access of other users to
    /// existing content, and writes a probe into each.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="parts">The subdirectories that this process writes to.</param>
    /// <exception cref="IOException">
    /// A directory is not writable. The message names the directory, the user, the cause and the remedy.
    /// </exception>
    public static void RequireWritable(string path, params ReadOnlySpan<string> parts)
    {
        if (File.Exists(Path.Combine(path, RestoringName)))
        {
            throw new IOException($"The data directory {Path.GetFullPath(path)} contains an incomplete restore: "
                + "\"gateway restore\" did not finish there. Run that command again.");
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

    /// <summary>Creates a directory for its owner only, unless it exists.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFile | UnixFileMode.UserExecute);
    }

    /// <summary>Locks a directory for this process for as long as the returned file is open.</summary>
    /// <exception cref="IOException">Another process has locked the directory.</exception>
    internal static FileStream Hold(string path, string what)
    {
        try
        {
            return Owned(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (SystemError.IsHeld(e))
        {
            throw new IOException(
                $"The {what} directory {Path.GetFullPath(path)} cannot be used by {User()}: another process uses it. "
                    + "Stop that gateway, or give this one a data directory of its own with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(what, path, e);
        }
    }

    /// <summary>Writes this many bytes into a directory to prove that there is room, then deletes them.</summary>
    /// <exception cref="IOException">The bytes could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The bytes could not be written.</exception>
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
            $"Make that user the owner of the directory (chown -R {UserId()} {path}), or use a different directory "
                + "with --data.",
        ReadOnly => "Mount it writable, or use a different directory with --data.",
        NoRoom => "Free space on its volume, or use a different directory with --data.",
        _ when File.Exists(path) => "A file has the name of this directory: move the file away, or use a different "
            + "directory with --data.",
        _ => "Fix the problem, or use a different directory with --data.",
    };

    /// <summary>Opens a file unbuffered; a file that this call creates is accessible to its owner only.</summary>
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
            // The file could not be created either; the caller reports why.
        }
    }

    /// <summary>Describes the user of this process. In a container there may be a number and no name.</summary>
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
