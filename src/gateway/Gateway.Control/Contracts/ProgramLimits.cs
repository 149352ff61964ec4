namespace Gateway.Control.Contracts;

/// <summary>
/// What the system lets one program of a server take, each null where it stays as the gateway has it. They hold for
/// every process that the program starts too, each on its own, but for <see cref="Processes"/>, which is by user.
/// </summary>
public sealed record ProgramLimits
{
    /// <summary>Nothing is limited.</summary>
    public static ProgramLimits None { get; } = new();

    /// <summary>Address space in bytes, rounded up to 1 KiB; Node and .NET reserve several GiB.</summary>
    [Member("Address space.", Min = 1, Max = long.MaxValue / 2)]
    public long? MemoryBytes { get; set; }

    /// <summary>CPU time in seconds over its whole life; then the system ends it.</summary>
    [Member("CPU time of its whole life.", Min = 1, Max = int.MaxValue)]
    public long? CpuSeconds { get; set; }

    /// <summary>Files and sockets that are open at once.</summary>
    [Member("Open files.", Min = 1, Max = int.MaxValue)]
    public long? OpenFiles { get; set; }

    /// <summary>Processes and threads of its user; of no effect for root.</summary>
    [Member("Processes of its user.", Min = 1, Max = int.MaxValue)]
    public long? Processes { get; set; }

    /// <summary>The largest file that it may write, in bytes, rounded up to 512.</summary>
    [Member("The largest file.", Min = 1, Max = long.MaxValue / 2)]
    public long? FileBytes { get; set; }

    /// <summary>Letters and values of <c>ulimit</c> (POSIX, and what every shell has beyond it), in one text.</summary>
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
