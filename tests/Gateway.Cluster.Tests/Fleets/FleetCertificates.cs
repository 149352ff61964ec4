using Gateway.Cluster.Certificates;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>Certificates of a fleet, as <c>gateway-cluster certs make</c> writes them.</summary>
internal sealed class FleetCertificates : IDisposable
{
    private readonly TestFolder _folder = new("gateway-certificates-");

    /// <param name="age">How long certificates are valid; negative for some that have expired.</param>
    public FleetCertificates(TimeSpan? age = null) => Renew(age ?? TimeSpan.FromDays(1));

    /// <summary>Issues new certificates from the same authority, over the old ones.</summary>
    public void Renew(TimeSpan age) =>
        new CertificateMaker(_folder.Path, PeerNames.Of("gateway"), TimeProvider.System).Make(age);

    /// <summary>The files of a process with this role.</summary>
    public ClusterTlsFiles Of(string role) =>
        new(PathOf($"{NameOf(role)}.crt"), PathOf($"{NameOf(role)}.key"), PathOf("ca.crt"));

    /// <summary>What a frontend of a fleet shows when it connects.</summary>
    public ClusterCertificates? OpenFrontend(SiloFleet fleet) => ClusterCertificates.Open(
        new ClusterSettings
        {
            Role = ClusterRole.Frontend,
            Name = "test",
            Store = fleet.Store,
            ClusterTls = Of("frontend"),
        },
        TimeProvider.System);

    /// <summary>The options that name them.</summary>
    public string[] OptionsOf(string role)
    {
        var files = Of(role);
        return ["--cluster-cert", files.Certificate, "--cluster-key", files.Key!, "--cluster-ca", files.Authorities];
    }

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    public void Dispose() => _folder.Dispose();

    private static string NameOf(string role) => role == "frontend" ? "frontend" : "silo";
}
