namespace Gateway.Faults;

/// <summary>The options of one run.</summary>
internal sealed record RunOptions
{
    /// <summary>The time for which agents call, over all fleets, in addition to starting and checking.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The seed for the choice of calls and faults, and for their times.</summary>
    public required int Seed { get; init; }

    /// <summary>The calls per second that all agents of a fleet attempt, besides probes and bursts.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>The fleets that are run.</summary>
    public required IReadOnlyList<FleetKind> Fleets { get; init; }

    /// <summary>The names of skipped phases, as in the report; "mixed" keeps their faults.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>The path of the cluster's executable; null if it is not built.</summary>
    public string? ClusterProgram { get; init; }

    /// <summary>True if faults are also planted.</summary>
    public bool Plants { get; init; } = true;

    /// <summary>True if a late fleet, or a call that was not served, fails the run.</summary>
    public bool ChecksTimes { get; init; } = true;

    /// <summary>The missing requirements, each of which counts as a failed check.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The file for the report, in addition to the output; null for none.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The command that repeats the run; the load of the machine will differ.</summary>
    public string Command => "dotnet run --project tests/Gateway.Faults -- "
        + $"--duration {(int)Duration.TotalSeconds}s --seed {Seed} --rate {CallsPerSecond:0}"
        + (ChecksTimes ? "" : " --no-times")
        + string.Concat(Fleets.Select(fleet => $" --fleet {fleet.ToString().ToLowerInvariant()}"))
        + string.Concat(Skipped.Select(phase => $" --skip \"{phase}\""));
}
