using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A configuration read whole, or everything that is wrong with it.</summary>
public sealed record ConfigResult
{
    /// <summary>Every problem found, in the order of the file, then in the files of its policies.</summary>
    public required ImmutableArray<PolicyProblem> Problems { get; init; }

    /// <summary>What is allowed and probably not meant.</summary>
    public required ImmutableArray<PolicyProblem> Warnings { get; init; }

    /// <summary>What this file alone puts in force; null where <see cref="Problems"/> is not empty.</summary>
    public GatewaySnapshot? Snapshot => Config?.ToSnapshot();

    /// <summary>Null where <see cref="Problems"/> is not empty.</summary>
    internal ConfigObjects? Config { get; init; }

    internal ConfigFiles Files { get; init; } = new();
}
