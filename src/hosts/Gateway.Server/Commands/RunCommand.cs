using System.CommandLine;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Options;
using Gateway.Server.Hosting;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Server.Commands;

/// <summary><c>gateway run</c>: the gateway on this machine until it is told to stop.</summary>
internal static class RunCommand
{
    private static readonly Option<FileInfo?> Config = new("--config")
    {
        Description = "Configuration file: servers, policies, grants. ${NAME} in it reads the environment.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Directory of the control documents, the journal and the audit log.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".gateway",
    };

    private static readonly Option<string?> Store = new("--store")
    {
        Description = "Store that several gateways share, exact together: postgres://user@host/database. "
            + "Its password is read from PGPASSWORD or ~/.pgpass, or give the whole URL as GATEWAY_STORE.",
        HelpName = "URL",
    };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "Address to listen on; may be given several times. Default: http://127.0.0.1:8080",
        HelpName = "URL",
    };

    private static readonly Option<string?> PublicAddress = PublicUrl.Option(
        "Address that agents use, behind a proxy say. Default: publicUrl of the file, or the first --listen.");

    private static readonly Option<string?> AdminListen = new("--admin-listen")
    {
        Description = "Address of the admin API and /metrics; without it they answer on a loopback --listen only.",
        HelpName = "URL",
    };

    private static readonly Option<string> DurabilityOption = new("--durability")
    {
        Description = "What a count survives: \"process\" (kill -9) or \"machine\" (loss of power; an fsync a batch).",
        DefaultValueFactory = _ => "process",
    };

    private static readonly Option<string> Windows = new("--windows")
    {
        Description = "\"strict\" keeps 250 ms free at each window's edge, so that limits hold in true time.",
        DefaultValueFactory = _ => "default",
    };

    private static readonly Option<string> Io = new("--io")
    {
        Description = "\"inline\" runs network work on the I/O threads: less CPU a call, more latency when idle.",
        DefaultValueFactory = _ => "default",
    };

    private static readonly Option<int> ProgramsMax = new("--programs-max")
    {
        Description = "The most programs that run at once, of all servers on standard input and output.",
        DefaultValueFactory = _ => 256,
    };

    private static readonly Option<int?> CountersMax = new("--counters-max")
    {
        Description = "The most counters at once; at most a quarter are of one grant's sessions. By default as many as "
            + "fit into two fifths of the memory that the process may use.",
        HelpName = "COUNT",
    };

    private static readonly Option<int?> MemoryMebibytes = MemoryMax.Option();

    private static readonly Option<string> Linger = new("--linger")
    {
        Description = "How long after SIGTERM clients with open connections are served and told to leave: 2s, 1m.",
        HelpName = "LENGTH",
        DefaultValueFactory = _ => LingerChoice.Default,
    };

    private static readonly Option<string> OnControlLoss = new("--on-control-loss")
    {
        Description = "What calls without limits and approval do while a shared store cannot be reached: \"deny\", or "
            + "\"last-known:30s\" (at most 60s), in which a revoked or paused grant is served that much longer.",
        HelpName = "CHOICE",
        DefaultValueFactory = _ => ControlLossChoice.Deny,
    };

    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "Where the journal of counts is damaged, keep what is whole, say what was found, and go on. "
            + "Windows that began before are refused to their end, since counts may be lost.",
    };

    public static Command Create()
    {
        DurabilityOption.AcceptOnlyFromAmong("process", "machine");
        Windows.AcceptOnlyFromAmong("default", "strict");
        Io.AcceptOnlyFromAmong("default", "inline");
        ProgramsMax.Validators.Add(static result =>
        {
            if (result.TryRead<int>(out var most) && most < 1)
                result.AddError("--programs-max is 1 or more.");
        });
        CountersMax.Validators.Add(static result =>
        {
            if (result.TryRead<int?>(out var counters) && counters is < 1000)
                result.AddError("--counters-max is 1,000 or more.");
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
        var command = new Command("run",
            "Run the gateway on this machine.\n\nExample:\n  gateway run --config gateway.json")
        {
            Config, Data, Store, Listen, AdminListen, PublicAddress, DurabilityOption, Windows, Io, ProgramsMax,
            CountersMax, MemoryMebibytes, Linger, OnControlLoss, Repair,
        };
        LogOptions.AddTo(command);
        TlsOptions.AddTo(command);
        AuditOptions.AddTo(command);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(OnControlLoss) is { } choice && choice != ControlLossChoice.Deny
                && StoreOf(result.GetValue(Store)) is null)
            {
                result.AddError("--on-control-loss is about a store that is shared; without --store there is none.");
            }

            if (result.GetValue(Data) is "")
                result.AddError("--data is empty; write a directory, or leave it out.");
            if (result.GetValue(Repair) && StoreOf(result.GetValue(Store)) is not null)
                result.AddError("--repair mends the journal of one machine; with --store there is none.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var config = parsed.GetValue(Config);
        if (!IsRight(config))
            return ExitCode.Usage;
        ShownSecret.Warn(parsed.GetValue(Store), Console.Error);
        ControlLossChoice.TryRead(parsed.GetValue(OnControlLoss)!, out var lastKnownFor);
        LingerChoice.TryRead(parsed.GetValue(Linger)!, out var linger);
        var options = new GatewayHostOptions
        {
            DataDirectory = parsed.GetValue(Data)!,
            Store = StoreOf(parsed.GetValue(Store)),
            Listen = parsed.GetValue(Listen) is { Length: > 0 } listen ? listen : ["http://127.0.0.1:8080"],
            AdminListen = parsed.GetValue(AdminListen),
            PublicUrl = PublicUrl.Parse(parsed.GetValue(PublicAddress)),
            Tls = TlsOptions.Of(parsed),
            AdminTls = TlsOptions.OfAdmin(parsed),
            AuditRetention = AuditOptions.Of(parsed),
            Durability = parsed.GetValue(DurabilityOption) == "machine" ? Durability.Machine : Durability.Process,
            StrictWindows = parsed.GetValue(Windows) == "strict",
            ProgramsMax = parsed.GetValue(ProgramsMax),
            CountersMax = parsed.GetValue(CountersMax),
            MemoryBytesMax = MemoryMax.Bytes(parsed.GetValue(MemoryMebibytes)),
            Linger = linger,
            LastKnownFor = lastKnownFor,
            InlineIo = parsed.GetValue(Io) == "inline",
            JsonLogs = LogOptions.IsJson(parsed),
            LogLevel = LogOptions.LevelOf(parsed),
            ConfigPath = config?.FullName,
            ShowAdminKey = static key => Console.WriteLine($"admin key, shown this once: {key}"),
        };
        try
        {
            if (parsed.GetValue(Repair))
                Console.WriteLine(await HostEngine.RepairJournalAsync(options));
            await using var host = await GatewayHost.StartAsync(options, cancellationToken);
            using var hangUp = ReloadSignal.Register(host);
            foreach (var address in host.Addresses)
                Console.WriteLine($"gateway listens on {address}");
            await host.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Well;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException
                or ControlStoreException or PostgresStoreException)
        {
            Console.Error.WriteLine($"gateway cannot start: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static string? StoreOf(string? option) => option ?? Environment.GetEnvironmentVariable("GATEWAY_STORE");

    private static bool IsRight(FileInfo? file)
    {
        if (file is null)
            return true;
        var result = ConfigLoader.Load(file.FullName, Environment.GetEnvironmentVariable);
        // Warnings are in the log, now and with each reload.
        foreach (var problem in result.Problems)
            Console.Error.WriteLine(problem);
        return result.Problems.IsEmpty;
    }
}
