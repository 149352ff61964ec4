namespace Gateway.Proxy.Registry;

/// <summary>The public servers that the registry may list beside the registered ones.</summary>
public interface IPublicServers
{
    /// <summary>Returns the servers that operators allow; empty if they allow none.</summary>
    IReadOnlyList<PublicServer> Allowed { get; }
}

/// <summary>A public server that clients can start.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PackageKind">The registry of its package: <c>npm</c>, <c>pypi</c> or <c>oci</c>.</param>
/// <param name="Package">The name of its package.</param>
/// <param name="Facts">A short sentence about its tools.</param>
/// <param name="UpdatedAt">The time of the catalogue that lists it.</param>
public sealed record PublicServer(
    string Name, string PackageKind, string Package, string Facts, DateTimeOffset UpdatedAt);
