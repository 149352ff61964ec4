using System.Collections.Immutable;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>A configuration read whole, or everything that is wrong with it.</summary>
/// <param name="Snapshot">Null where <paramref name="Problems"/> is not empty.</param>
/// <param name="Problems">Every problem found, in the order of the file.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
public sealed record ConfigResult(
    GatewaySnapshot? Snapshot, ImmutableArray<ConfigProblem> Problems, ImmutableArray<ConfigProblem> Warnings);
