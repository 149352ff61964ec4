namespace Gateway.Limits.Tests.Crashing;

/// <summary>How one run of the child ended, and the calls that it let through.</summary>
internal sealed record CrashRound
{
    /// <summary>The point at which it was to end itself; null if it was killed from outside, or not at all.</summary>
    public string? FailPoint { get; init; }

    /// <summary>True if it was killed from outside.</summary>
    public bool WasKilled { get; init; }

    public required int ExitCode { get; init; }

    public required List<CrashLine> Lines { get; init; }

    /// <summary>What the journal had reserved of the daily counter before and after.</summary>
    public Int128 ReservedBefore { get; init; }

    public Int128 ReservedAfter { get; init; }

    /// <summary>Calls that reached the server.</summary>
    public int Calls => Lines.Count(static line => line.Counter == "daily");

    /// <summary>Numbers that were reserved and paid for no call.</summary>
    public int Waste => (int)((ReservedAfter - ReservedBefore) / Amount.One.Nano) - Calls;

    /// <summary>
    /// A block and a half, and the calls in flight. A block is what was admitted in the last second, at most a quarter
    /// of the maximum, and never less than a day's second of it and what those who wait need.
    /// </summary>
    public int WasteMax(int max, int callers)
    {
        var block = Math.Max(Math.Max(callers, max / 86_400), Math.Min((max + 3) / 4, Calls + callers));
        return (3 * block / 2) + callers;
    }
}
