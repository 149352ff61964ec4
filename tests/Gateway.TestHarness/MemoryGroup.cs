namespace Gateway.TestHarness;

/// <summary>A separate memory cgroup. As in a container, a process in it is killed when it exceeds the limit.</summary>
public sealed class MemoryGroup : IAsyncDisposable
{
    private const string Unified = "/sys/fs/cgroup";
    private const string Legacy = "/sys/fs/cgroup/memory";

    private static readonly Lazy<string?> FoundMissing = new(Try);

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>The reason why this machine cannot create one; null if it can.</summary>
    public static string? Missing => FoundMissing.Value;

    /// <summary>The peak memory use, in bytes.</summary>
    public long PeakBytes => long.Parse(Read(IsLegacy ? "memory.max_usage_in_bytes" : "memory.peak"));

    /// <summary>The number of processes that were killed in it because memory ran out.</summary>
    public int Kills => Read(IsLegacy ? "memory.oom_control" : "memory.events").Split('\n')
        .Where(static line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
        .Sum(static line => int.Parse(line["oom_kill ".Length..]));

    private static bool IsLegacy => Directory.Exists(Legacy);

    /// <summary>Creates one with this limit in bytes, without swap.</summary>
    public static MemoryGroup Make(long bytes)
    {
        var folder = Path.Combine(IsLegacy ? Legacy : Unified, $"gateway-{Guid.NewGuid():N}");
        if (!IsLegacy) File.WriteAllText(Path.Combine(Unified, "cgroup.subtree_control"), "+memory");
        Directory.CreateDirectory(folder);
        var group = new MemoryGroup(folder);
        try
        {
            group.Write(IsLegacy ? "memory.limit_in_bytes" : "memory.max", bytes);
            if (!IsLegacy) group.Write("memory.swap.max", 0);
            else if (File.Exists(Path.Combine(folder, "memory.memsw.limit_in_bytes")))
                group.Write("memory.memsw.limit_in_bytes", bytes);
            return group;
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>Returns the command that starts a program in it; the program keeps the process id.</summary>
    public string[] Command(params string[] program) =>
        ["sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", Path.Combine(_folder, "cgroup.procs"), .. program];

    /// <summary>Removes it; its processes must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // A process that has just ended may be listed for a moment.
        await Soon.UntilAsync(IsRemoved, $"{_folder} is empty of processes");
    }

    private bool IsRemoved()
    {
        try
        {
            Directory.Delete(_folder);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string? Try()
    {
        try
        {
            Directory.Delete(Make(64 << 20)._folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"needs a memory cgroup of its own, as root has: {e.Message}";
        }
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    private void Write(string file, long value) => File.WriteAllText(Path.Combine(_folder, file), $"{value}");
}
