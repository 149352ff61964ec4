using System.CommandLine;
using System.Net;
using Gateway.Hosting.Options;

namespace Gateway.Cluster.Settings;

/// <summary>
/// The command line: what any process of a gateway takes, and where it stands in its fleet. Every option but the role
/// can stand in the environment too, as <c>GATEWAY_…</c>.
/// </summary>
internal static class ClusterCommand
{
    private static readonly ClusterSettings Default = new() { Role = ClusterRole.All, Name = "" };

    private static readonly Option<string> Role = new("--role")
    {
        Description = "\"frontend\" serves agents, \"silo\" owns counters, \"all\" does both.",
        Required = true,
    };

    private static readonly Option<string?> Clustering = Setting.Choice(
        "--clustering", "Where silos find each other.", "localhost", "localhost", "postgres", "azure");

    private static readonly Option<string?> AzureBlobs = Setting.Text(
        "--azure-blobs", "URL", "In place of --store: blobs, by this process's identity.",
        variable: "GATEWAY_AZURE_BLOB_URL");

    private static readonly Option<string?> AzureTables = Setting.Text(
        "--azure-tables", "URL", "Tables of the same account, for --clustering azure.",
        variable: "GATEWAY_AZURE_TABLE_URL");

    private static readonly Option<string?> ClusterId = Setting.Text(
        "--cluster-id", "NAME", "Shared by the processes of one fleet.", Default.ClusterId);

    private static readonly Option<string?> ServiceId = Setting.Text(
        "--service-id", "NAME", "Stays the same over upgrades.", Default.ServiceId);

    private static readonly Option<int?> SiloPort = Port("--silo-port", Default.SiloPort, "Silo to silo.");

    private static readonly Option<int?> ClientPort = Port("--client-port", Default.ClientPort, "Frontend to silo.");

    private static readonly Option<int?> PrimaryPort = Port(
        "--primary-port", Default.PrimaryPort, "With localhost: --silo-port of the silo that all join.");

    /// <summary>The command; <paramref name="run"/> gets the settings and returns the exit code.</summary>
    public static RootCommand Create(Func<ClusterSettings, CancellationToken, Task<int>> run)
    {
        Role.AcceptOnlyFromAmong("frontend", "silo", "all");
        var command = new RootCommand("One process of a fleet with exact, fleet-wide rate limits.")
        {
            Role, Clustering, AzureBlobs, AzureTables, ClusterId, ServiceId, SiloPort, ClientPort, PrimaryPort,
        };
        RunOptions.AddTo(command, isFleet: true);
        command.SetAction((parsed, cancellationToken) => run(Read(parsed), cancellationToken));
        return command;
    }

    private static ClusterSettings Read(ParseResult parsed) => RunOptions.Read(parsed, new ClusterSettings
    {
        Role = Enum.Parse<ClusterRole>(parsed.GetValue(Role)!, ignoreCase: true),
        Clustering = Enum.Parse<ClusteringKind>(parsed.GetValue(Clustering)!, ignoreCase: true),
        AzureBlobs = parsed.GetValue(AzureBlobs) is { } blobs ? new Uri(blobs) : null,
        AzureTables = parsed.GetValue(AzureTables) is { } tables ? new Uri(tables) : null,
        ClusterId = parsed.GetValue(ClusterId)!,
        ServiceId = parsed.GetValue(ServiceId)!,
        Name = Environment.GetEnvironmentVariable("POD_NAME") ?? $"{Environment.MachineName}-{Environment.ProcessId}",
        Address = IPAddress.TryParse(Environment.GetEnvironmentVariable("POD_IP"), out var address)
            ? address
            : IPAddress.Loopback,
        SiloPort = parsed.GetValue(SiloPort)!.Value,
        ClientPort = parsed.GetValue(ClientPort)!.Value,
        PrimaryPort = parsed.GetValue(PrimaryPort)!.Value,
        // As a cluster's log collector wants it.
        JsonLogs = true,
    });

    private static Option<int?> Port(string name, int otherwise, string description) =>
        Setting.Count(name, "PORT", description, otherwise, least: 1, most: 65535);
}
