using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A complete configuration, or all problems of an invalid one.</summary>
public sealed record ConfigResult
{
    /// <summary>All problems, in the order of the file, followed by those in the files of its policies.</summary>
    public required ImmutableArray<PolicyProblem> Problems { get; init; }

    /// <summary>The warnings: parts that are valid and probably not intended.</summary>
    public required ImmutableArray<PolicyProblem> Warnings { get; init; }

    /// <summary>The snapshot of this file alone; null if <see cref="Problems"/> is not empty.</summary>
    public GatewaySnapshot? Snapshot => Config?.ToSnapshot();

    /// <summary>The configuration; null if <see cref="Problems"/> is not empty.</summary>
    internal ConfigObjects? Config { get; init; }

    internal ConfigFiles Files { get; init; } = new();
}
