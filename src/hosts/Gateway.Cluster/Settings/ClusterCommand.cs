using System.CommandLine;
using System.Net;
using Gateway.Audit.Files;
using Gateway.Control.Health;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Options;
using Gateway.Identity.Listeners;

namespace Gateway.Cluster.Settings;

/// <summary>
/// The command line. Every option but the role can stand in the environment too, as <c>GATEWAY_…</c>, which is how a
/// pod is told; the command line wins.
/// </summary>
internal static class ClusterCommand
{
    private const int CountersLeast = 1000;

    private static readonly Option<string> Role = new("--role")
    {
        Description = "\"frontend\" serves agents, \"silo\" owns counters, \"all\" does both.",
        Required = true,
    };

    private static readonly Option<string> Clustering = Text(
        "--clustering", "GATEWAY_CLUSTERING", "localhost", "Where silos find each other.");

    private static readonly Option<string?> Store = Optional(
        "--store", "GATEWAY_STORE", "URL",
        "Reservations and the membership table: postgres://user@host/database, or an Azure connection string.");

    private static readonly Option<string?> AzureBlobs = Optional(
        "--azure-blobs", "GATEWAY_AZURE_BLOB_URL", "URL", "In place of --store: blobs, by this process's identity.");

    private static readonly Option<string?> AzureTables = Optional(
        "--azure-tables", "GATEWAY_AZURE_TABLE_URL", "URL", "Tables of the same account, for --clustering azure.");

    private static readonly Option<string> ClusterId = Text(
        "--cluster-id", "GATEWAY_CLUSTER_ID", "gateway", "Shared by the processes of one fleet.");

    private static readonly Option<string> ServiceId = Text(
        "--service-id", "GATEWAY_SERVICE_ID", "gateway", "Stays the same over upgrades.");

    private static readonly Option<int> SiloPort = Port("--silo-port", "GATEWAY_SILO_PORT", 11111, "Silo to silo.");

    private static readonly Option<int> ClientPort = Port(
        "--client-port", "GATEWAY_CLIENT_PORT", 30000, "Frontend to silo.");

    private static readonly Option<int> PrimaryPort = Port(
        "--primary-port", "GATEWAY_PRIMARY_PORT", 11111, "With localhost: --silo-port of the silo that all join.");

    private static readonly Option<string> Listen = Text(
        "--listen", "GATEWAY_LISTEN", "http://127.0.0.1:8080", "Where agents are served; several with commas.");

    private static readonly Option<string?> PublicAddress = PublicUrl.Option(
        "Address that agents use, behind a proxy say. Default: publicUrl of the file, or the first --listen.",
        "GATEWAY_PUBLIC_URL");

    private static readonly Option<string?> AdminListen = Optional(
        "--admin-listen", "GATEWAY_ADMIN_LISTEN", "URL", "Where /metrics answers, and a silo's /livez and /readyz.");

    private static readonly Option<string?> TlsCertificate = Optional(
        "--tls-cert", "GATEWAY_TLS_CERT", "FILE", "Certificate (PEM) of https:// addresses; read anew on a change.");

    private static readonly Option<string?> TlsKey = Optional("--tls-key", "GATEWAY_TLS_KEY", "FILE", "Its key (PEM).");

    private static readonly Option<string?> AdminTlsCertificate = Optional(
        "--admin-tls-cert", "GATEWAY_ADMIN_TLS_CERT", "FILE", "Another one for an https:// --admin-listen.");

    private static readonly Option<string?> AdminTlsKey = Optional(
        "--admin-tls-key", "GATEWAY_ADMIN_TLS_KEY", "FILE", "Its key.");

    private static readonly Option<string?> Config = Optional(
        "--config", "GATEWAY_CONFIG", "FILE", "Servers, policies, grants.");

    private static readonly Option<string> Data = Text(
        "--data", "GATEWAY_DATA", ".gateway", "Directory of the audit log.");

    private static readonly Option<int> ProgramsMax = new("--programs-max")
    {
        Description = "The most programs that run at once, of all servers. (GATEWAY_PROGRAMS_MAX)",
        HelpName = "COUNT",
        DefaultValueFactory = result =>
        {
            if (Set("GATEWAY_PROGRAMS_MAX") is not { } set) return 256;
            if (int.TryParse(set, out var count) && count > 0) return count;
            result.AddError($"GATEWAY_PROGRAMS_MAX={set} is not a count of 1 or more.");
            return 256;
        },
    };

    private static readonly Option<int?> CountersMax = new("--counters-max")
    {
        Description = "The most counters at a silo, a quarter of them of one grant's sessions; by default as many as "
            + "fit into half of its memory. (GATEWAY_COUNTERS_MAX)",
        HelpName = "COUNT",
        DefaultValueFactory = result =>
        {
            if (Set("GATEWAY_COUNTERS_MAX") is not { } set) return null;
            if (int.TryParse(set, out var count) && count >= CountersLeast) return count;
            result.AddError($"GATEWAY_COUNTERS_MAX={set} is not a count of {CountersLeast} or more.");
            return null;
        },
    };

    private static readonly Option<int?> MemoryMebibytes = MemoryMax.Option("GATEWAY_MEMORY_MAX");

    private static readonly Option<string> Linger = new("--linger")
    {
        Description = "How long after SIGTERM connected clients are served and told to leave: 2s, 1m. (GATEWAY_LINGER)",
        HelpName = "LENGTH",
        DefaultValueFactory = result =>
        {
            if (Set("GATEWAY_LINGER") is not { } set) return LingerChoice.Default;
            if (LingerChoice.TryRead(set, out _)) return set;
            result.AddError($"GATEWAY_LINGER={set} is not {LingerChoice.Rule}.");
            return LingerChoice.Default;
        },
    };

    private static readonly Option<string> OnControlLoss = new("--on-control-loss")
    {
        Description = "What calls without limits and approval do while the control store cannot be reached: "
            + "\"deny\", or \"last-known:30s\" (at most 60s). (GATEWAY_ON_CONTROL_LOSS)",
        HelpName = "CHOICE",
        DefaultValueFactory = result =>
        {
            if (Set("GATEWAY_ON_CONTROL_LOSS") is not { } set) return ControlLossChoice.Deny;
            if (ControlLossChoice.TryRead(set, out _)) return set;
            result.AddError($"GATEWAY_ON_CONTROL_LOSS={set} is not {ControlLossChoice.Rule}.");
            return ControlLossChoice.Deny;
        },
    };

    private static readonly Option<string?> AuditAge = Optional(
        "--audit-age", "GATEWAY_AUDIT_AGE", "LENGTH", "How long audit records are kept: 90d, or never. [default: 30d]");

    private static readonly Option<string?> AuditBytes = Optional(
        "--audit-bytes", "GATEWAY_AUDIT_BYTES", "SIZE",
        "The most that the audit log takes: 500MB, 20GB. [default: a quarter of its volume]");

    private static readonly Option<string?> AuditOnFull = Optional(
        "--audit-on-full", "GATEWAY_AUDIT_ON_FULL", "rotate|deny",
        "At that size \"rotate\" deletes the oldest file, \"deny\" refuses calls. [default: rotate]");

    private static readonly Option<string> Durability = Text(
        "--durability", "GATEWAY_DURABILITY", "process", "What an audit record survives: \"process\" or \"machine\".");

    private static readonly Option<string> Windows = Text(
        "--windows", "GATEWAY_WINDOWS", "default", "\"strict\" keeps 250 ms free at each window's edge.");

    /// <summary>The command; <paramref name="run"/> gets the settings and returns the exit code.</summary>
    public static RootCommand Create(Func<ClusterSettings, CancellationToken, Task<int>> run)
    {
        Role.AcceptOnlyFromAmong("frontend", "silo", "all");
        Clustering.AcceptOnlyFromAmong("localhost", "postgres", "azure");
        Durability.AcceptOnlyFromAmong("process", "machine");
        Windows.AcceptOnlyFromAmong("default", "strict");
        ProgramsMax.Validators.Add(static result =>
        {
            if (result.TryRead<int>(out var programs) && programs < 1) result.AddError("--programs-max is 1 or more.");
        });
        CountersMax.Validators.Add(static result =>
        {
            if (result.TryRead<int?>(out var counters) && counters is < CountersLeast)
                result.AddError($"--counters-max is {CountersLeast} or more.");
        });
        Linger.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } length && !LingerChoice.TryRead(length, out _))
                result.AddError($"--linger \"{length}\" is not {LingerChoice.Rule}.");
        });
        OnControlLoss.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } choice && !ControlLossChoice.TryRead(choice, out _))
                result.AddError($"--on-control-loss \"{choice}\" is not {ControlLossChoice.Rule}.");
        });
        var command = new RootCommand("One process of a fleet with exact, fleet-wide rate limits.")
        {
            Role, Clustering, Store, AzureBlobs, AzureTables, ClusterId, ServiceId, SiloPort, ClientPort, PrimaryPort,
            Listen, PublicAddress, AdminListen, TlsCertificate, TlsKey, AdminTlsCertificate, AdminTlsKey, Config, Data,
            ProgramsMax, CountersMax, MemoryMebibytes, Linger, OnControlLoss, AuditAge, AuditBytes, AuditOnFull,
            Durability, Windows,
        };
        command.Validators.Add(static result =>
        {
            if (AuditRetention.Problem(
                result.GetValue(AuditAge), result.GetValue(AuditBytes), result.GetValue(AuditOnFull)) is { } problem)
            {
                result.AddError(problem);
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetResult(Store) is { Implicit: false })
                ShownSecret.Warn(parsed.GetValue(Store), parsed.InvocationConfiguration.Error);
            return run(Read(parsed), cancellationToken);
        });
        return command;
    }

    private static ClusterSettings Read(ParseResult parsed)
    {
        ControlLossChoice.TryRead(parsed.GetValue(OnControlLoss)!, out var lastKnownFor);
        LingerChoice.TryRead(parsed.GetValue(Linger)!, out var linger);
        var podIp = Environment.GetEnvironmentVariable("POD_IP");
        return new ClusterSettings
        {
            Role = Enum.Parse<ClusterRole>(parsed.GetValue(Role)!, ignoreCase: true),
            Clustering = Enum.Parse<ClusteringKind>(parsed.GetValue(Clustering)!, ignoreCase: true),
            Store = parsed.GetValue(Store),
            AzureBlobs = parsed.GetValue(AzureBlobs) is { } blobs ? new Uri(blobs) : null,
            AzureTables = parsed.GetValue(AzureTables) is { } tables ? new Uri(tables) : null,
            ClusterId = parsed.GetValue(ClusterId)!,
            ServiceId = parsed.GetValue(ServiceId)!,
            Name = Environment.GetEnvironmentVariable("POD_NAME")
                ?? $"{Environment.MachineName}-{Environment.ProcessId}",
            Address = IPAddress.TryParse(podIp, out var address) ? address : IPAddress.Loopback,
            SiloPort = parsed.GetValue(SiloPort),
            ClientPort = parsed.GetValue(ClientPort),
            PrimaryPort = parsed.GetValue(PrimaryPort),
            Listen = parsed.GetValue(Listen)!.Split(',', StringSplitOptions.TrimEntries),
            PublicUrl = PublicUrl.Parse(parsed.GetValue(PublicAddress)),
            AdminListen = parsed.GetValue(AdminListen),
            Tls = Files(parsed, TlsCertificate, TlsKey),
            AdminTls = Files(parsed, AdminTlsCertificate, AdminTlsKey),
            Config = parsed.GetValue(Config) is { } file ? new FileInfo(file) : null,
            ProgramsMax = parsed.GetValue(ProgramsMax),
            CountersMax = parsed.GetValue(CountersMax),
            MemoryBytesMax = MemoryMax.Bytes(parsed.GetValue(MemoryMebibytes)),
            Linger = linger,
            LastKnownFor = lastKnownFor,
            DataDirectory = parsed.GetValue(Data)!,
            AuditRetention = AuditRetention.Parse(
                parsed.GetValue(AuditAge), parsed.GetValue(AuditBytes), parsed.GetValue(AuditOnFull)),
            IsDurable = parsed.GetValue(Durability) == "machine",
            StrictWindows = parsed.GetValue(Windows) == "strict",
        };
    }

    private static TlsFiles? Files(ParseResult parsed, Option<string?> certificate, Option<string?> key) =>
        parsed.GetValue(certificate) is { } path ? new TlsFiles(path, parsed.GetValue(key)) : null;

    private static Option<string> Text(string name, string variable, string otherwise, string description) => new(name)
    {
        Description = $"{description} ({variable})",
        DefaultValueFactory = _ => Set(variable) ?? otherwise,
    };

    private static Option<string?> Optional(string name, string variable, string help, string description) => new(name)
    {
        Description = $"{description} ({variable})",
        HelpName = help,
        DefaultValueFactory = _ => Set(variable),
    };

    private static Option<int> Port(string name, string variable, int otherwise, string description) => new(name)
    {
        Description = $"{description} ({variable})",
        HelpName = "PORT",
        DefaultValueFactory = result =>
        {
            if (Set(variable) is not { } set) return otherwise;
            if (int.TryParse(set, out var port) && port is > 0 and <= 65535) return port;
            result.AddError($"{variable}={set} is not a port.");
            return otherwise;
        },
    };

    private static string? Set(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
}
