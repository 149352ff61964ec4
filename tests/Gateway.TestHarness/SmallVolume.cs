namespace Gateway.TestHarness;

/// <summary>A separate file system in memory, small enough to be filled, which is removed with the test.</summary>
public sealed class SmallVolume : IDisposable
{
    private const int SysAdmin = 21;
    private const string Filler = "filler";

    private SmallVolume(string path) => Path = path;

    /// <summary>The reason why none can be created here; null if one can.</summary>
    public static string? Missing { get; } =
        !IsCapable() ? "needs root's rights on Linux: a file system is mounted"
        : !SearchPath.Has("mount") ? "needs mount: install the package mount"
        : null;

    /// <summary>The mount point.</summary>
    public string Path { get; }

    /// <summary>Mounts one at a folder, which is created if it is missing.</summary>
    public static SmallVolume Mount(string path, int bytes)
    {
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=0700"),
            "tmpfs", path);
        return new SmallVolume(path);
    }

    /// <summary>Uses all remaining space, to the last byte.</summary>
    public void Fill()
    {
        var bytes = new byte[4096];
        using var filler = new FileStream(
            System.IO.Path.Combine(Path, Filler), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(bytes);
        }
        catch (IOException)
        {
            // The volume is full, as intended.
        }
    }

    /// <summary>Rejects every write from now on, as after a disk error.</summary>
    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    /// <summary>Frees the space.</summary>
    public void MakeRoom() => File.Delete(System.IO.Path.Combine(Path, Filler));

    // Lazily, because a process that was just killed may still have a file open there, which must not fail the test.
    public void Dispose() => Run("umount", "-l", Path);

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {errors}");
    }

    private static bool IsCapable()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return false;
        const string Name = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        var effective = ulong.Parse(line[Name.Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (effective >> SysAdmin & 1) == 1;
    }
}
