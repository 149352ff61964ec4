namespace Gateway.Faults;

/// <summary>What one run is told.</summary>
internal sealed record RunOptions
{
    /// <summary>For how long agents call, over all fleets; starting and checking come on top.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Decides what is called, what is struck, and when.</summary>
    public required int Seed { get; init; }

    /// <summary>Calls that all agents of a fleet attempt in a second, besides probes and bursts.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>The fleets that are run.</summary>
    public required IReadOnlyList<FleetKind> Fleets { get; init; }

    /// <summary>Names of phases that are left out, as the report shows them; "mixed" keeps their faults.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>The path of the executable for a cluster; null where it is not built.</summary>
    public string? ClusterProgram { get; init; }

    /// <summary>Whether faults are planted too.</summary>
    public bool Plants { get; init; } = true;

    /// <summary>Whether a fleet that is back late, or a call that was not served, fails the run.</summary>
    public bool ChecksTimes { get; init; } = true;

    /// <summary>What is missing though it must be there: each a check that failed.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Where the report is written besides the output; null: nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The command that runs the same again; what the machine does meanwhile is not the same.</summary>
    public string Command => "dotnet run --project tests/Gateway.Faults -- "
        + $"--duration {(int)Duration.TotalSeconds}s --seed {Seed} --rate {CallsPerSecond:0}"
        + (ChecksTimes ? "" : " --no-times")
        + string.Concat(Fleets.Select(fleet => $" --fleet {fleet.ToString().ToLowerInvariant()}"))
        + string.Concat(Skipped.Select(phase => $" --skip \"{phase}\""));
}
