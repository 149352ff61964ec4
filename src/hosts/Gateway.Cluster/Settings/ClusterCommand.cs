using System.CommandLine;
using System.Net;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Options;
using Gateway.Orleans.Accounts;

namespace Gateway.Cluster.Settings;

/// <summary>
/// The command line: the options of any gateway process, and those for its place in a fleet. Every option except the
/// role can also be set in the environment, as <c>GATEWAY_…</c>.
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
        "--clustering", "The service in which silos find each other.", "localhost", "localhost", "postgres", "azure");

    private static readonly Option<string?> AzureBlobs = Setting.Text(
        "--azure-blobs", "URL", "The Blob endpoint of an Azure storage account, instead of --store. This process "
            + "signs in with its identity.",
        variable: "GATEWAY_AZURE_BLOB_URL");

    private static readonly Option<string?> AzureTables = Setting.Text(
        "--azure-tables", "URL", "The tables of the account of --azure-blobs, for --clustering azure.",
        variable: "GATEWAY_AZURE_TABLE_URL");

    internal static readonly Option<string?> ClusterId = Setting.Text(
        "--cluster-id", "NAME", "The name of the fleet; the same for all its processes.", Default.ClusterId);

    private static readonly Option<string?> ServiceId = Setting.Text(
        "--service-id", "NAME", "The name of the service; it must stay the same when the fleet is upgraded.",
        Default.ServiceId);

    private static readonly Option<int?> SiloPort = Port(
        "--silo-port", Default.SiloPort, "Port for connections from silo to silo.");

    private static readonly Option<int?> ClientPort = Port(
        "--client-port", Default.ClientPort, "Port for connections from frontend to silo.");

    private static readonly Option<int?> PrimaryPort = Port(
        "--primary-port", Default.PrimaryPort,
        "For --clustering localhost: the --silo-port of the silo that all others join.");

    private static readonly Option<string?> Certificate = Setting.Text(
        "--cluster-cert", "FILE",
        "This process's certificate for connections inside the fleet: PEM, followed by its chain. The file is read "
            + "again when it changes.");

    private static readonly Option<string?> Key = Setting.Text(
        "--cluster-key", "FILE", "The private key of --cluster-cert, as PEM; optional if that file contains it.");

    private static readonly Option<string?> Authorities = Setting.Text(
        "--cluster-ca", "FILE",
        "Certificates of the authorities that issue certificates inside the fleet, as PEM. The file is read again when "
        + "it changes.");

    private static readonly Option<bool> IsInsecure = Setting.Flag(
        "--insecure-cluster",
        "Use no TLS inside a fleet of several machines. Anyone who reaches the silos' ports can then read and change "
        + "everything.");

    private static readonly Option<bool> HasDashboard = Setting.Flag(
        "--dashboard",
        "Silos collect figures for the Orleans dashboard, and frontends serve that dashboard to operators at "
        + "/orleans/, on the listener of the console. Give this option to every process of the fleet.");

    /// <summary>Creates the command; <paramref name="run"/> receives the settings and returns the exit code.</summary>
    public static RootCommand Create(
        Func<ClusterSettings, CancellationToken, Task<int>> run, IReadOnlyList<GatewayExtension> extensions,
        IReadOnlyList<IFleetAccounts> accounts)
    {
        Role.AcceptOnlyFromAmong("frontend", "silo", "all");
        var command = new RootCommand("One process of a fleet with exact, fleet-wide rate limits.")
        {
            Role, Clustering, AzureBlobs, AzureTables, ClusterId, ServiceId, SiloPort, ClientPort, PrimaryPort,
            Certificate, Key, Authorities, IsInsecure, HasDashboard,
        };
        command.Validators.Add(static result =>
        {
            var (certificate, key) = (result.Value(Certificate), result.Value(Key));
            if ((certificate is null) != (result.Value(Authorities) is null))
                result.AddError("--cluster-cert and --cluster-ca need each other: give both, or neither.");
            if (key is not null && certificate is null) result.AddError("--cluster-key needs --cluster-cert.");
            if (certificate is not null && result.GetValue(IsInsecure))
                result.AddError("--insecure-cluster and --cluster-cert exclude each other: give only one of them.");
        });
        RunOptions.AddTo(command, isFleet: true, extensions);
        command.SetAction((parsed, cancellationToken) => run(
            Read(parsed, extensions) with { Accounts = accounts }, cancellationToken));
        return command;
    }

    private static ClusterSettings Read(ParseResult parsed, IReadOnlyList<GatewayExtension> extensions)
    {
        var settings = RunOptions.Read(parsed, Own(parsed), extensions);
        return settings.HasFrontend ? settings : settings with { Extensions = [] };
    }

    private static ClusterSettings Own(ParseResult parsed) => new()
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
        ClusterTls = parsed.GetValue(Certificate) is { } certificate
            ? new ClusterTlsFiles(certificate, parsed.GetValue(Key), parsed.GetValue(Authorities)!)
            : null,
        IsInsecureAllowed = parsed.GetValue(IsInsecure),
        HasDashboard = parsed.GetValue(HasDashboard),
        // Log collectors of clusters expect JSON.
        JsonLogs = true,
    };

    private static Option<int?> Port(string name, int otherwise, string description) =>
        Setting.Count(name, "PORT", description, otherwise, least: 1, most: 65535);
}
