namespace Gateway.Control.Contracts;

/// <summary>
/// The operating system's limits for one program of a server; null keeps the gateway's own limit. Each process that the
/// program starts has the same limits by itself, except <see cref="Processes"/>, which counts per user.
/// </summary>
public sealed record ProgramLimits
{
    /// <summary>The limits of a program without any.</summary>
    public static ProgramLimits None { get; } = new();

    /// <summary>The address space in bytes, rounded up to 1 KiB; Node and .NET reserve several GiB.</summary>
    [Member("The address space of a child process, in bytes.", Min = 1, Max = long.MaxValue / 2)]
    public long? MemoryBytes { get; set; }

    /// <summary>The CPU time of the whole life of the process, in seconds; the system ends it afterward.</summary>
    [Member("The CPU time that a child process may use in total, in seconds.", Min = 1, Max = int.MaxValue)]
    public long? CpuSeconds { get; set; }

    /// <summary>The number of files and sockets that are open at the same time.</summary>
    [Member("The number of files and sockets that a child process may have open.", Min = 1, Max = int.MaxValue)]
    public long? OpenFiles { get; set; }

    /// <summary>The number of processes and threads of its user; no effect for root.</summary>
    [Member("The number of processes and threads of the user.", Min = 1, Max = int.MaxValue)]
    public long? Processes { get; set; }

    /// <summary>The maximum size of a file that it writes, in bytes, rounded up to 512.</summary>
    [Member("The size of the largest file that a child process may write, in bytes.", Min = 1, Max = long.MaxValue / 2)]
    public long? FileBytes { get; set; }

    /// <summary>
    /// Returns the options and values for <c>ulimit</c> (POSIX, and the extensions that every shell has), in one
    /// string.
    /// </summary>
    public string ToWords()
    {
        const long kilobyte = 1024;
        const long block = 512;
        var words = new List<string>();
        Add('v', MemoryBytes, kilobyte);
        Add('t', CpuSeconds, 1);
        Add('n', OpenFiles, 1);
        Add('u', Processes, 1);
        Add('f', FileBytes, block);
        return string.Join(' ', words);

        void Add(char letter, long? limit, long unit)
        {
            if (limit is { } value)
                words.Add(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"{letter}={(value + unit - 1) / unit}"));
        }
    }
}
