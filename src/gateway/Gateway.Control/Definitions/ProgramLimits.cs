namespace Gateway.Control.Definitions;

/// <summary>
/// What the system lets one program of a server take, each null where it stays as the gateway has it. They hold for
/// every process that the program starts too, each on its own, but for <see cref="Processes"/>, which is by user.
/// </summary>
public sealed record ProgramLimits
{
    /// <summary>Nothing is limited.</summary>
    public static ProgramLimits None { get; } = new();

    /// <summary>Address space in bytes, rounded up to 1 KiB; Node and .NET reserve several GiB.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>CPU time in seconds over its whole life; then the system ends it.</summary>
    public long? CpuSeconds { get; init; }

    /// <summary>Files and sockets that are open at once.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>Processes and threads of its user; of no effect for root.</summary>
    public long? Processes { get; init; }

    /// <summary>The largest file that it may write, in bytes, rounded up to 512.</summary>
    public long? FileBytes { get; init; }

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
