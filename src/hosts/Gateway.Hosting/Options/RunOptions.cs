using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Catalogue.Keeping;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Control.Options;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Extensions;
using Gateway.Limits.Model;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Upstreams.Stdio;
using Gateway.Storage.Local.Journal;

namespace Gateway.Hosting.Options;

/// <summary>The options of every process of a gateway, alone or in a fleet.</summary>
public static class RunOptions
{
    private static readonly HostSettings Default = new();

    private static readonly Option<string?> Config = Setting.Text(
        "--config", "FILE",
        "Configuration file with servers, policies and grants. ${NAME} in it stands for an environment variable.");

    private static readonly Option<string?> Data = Setting.Text(
        "--data", "DIR", "Directory of the audit log and, if there is no store, of the control documents and the "
            + "journal.",
        Default.DataDirectory);

    private static readonly Option<string?> Store = Setting.Text(
        "--store", "URL",
        "Store that a fleet shares, for exact limits: postgres://user@host/database. The password is read from "
        + "PGPASSWORD or ~/.pgpass. Alternatively, give the whole URL in the environment. gateway-cluster takes "
        + "file:DIR too, for a fleet on one machine.");

    private static readonly Option<string[]> Listen = Setting.Texts(
        "--listen", "URL", "Address to listen on; repeatable, or several with commas.",
        Default.Listen[0]);

    private static readonly Option<string?> PublicAddress = PublicUrl.Option(
        "Address that agents use, for example behind a proxy. Default: publicUrl of the file, or the first --listen.");

    private static readonly Option<string?> ConsoleAddress = PublicUrl.OptionOfConsole(
        "Address at which people reach the console, without /console. The client of a call that waits for approval "
            + "then gets a link to the call, which requires a sign-in. By default, clients get no link.");

    private static readonly Option<string?> AdminListen = Setting.Text(
        "--admin-listen", "URL",
        "Address of the admin API and /metrics; on a silo, of /livez, /readyz and /metrics. If omitted, they are "
            + "served on --listen, and only on a loopback address.");

    private static readonly Option<string?> DurabilityChoice = Setting.Choice(
        "--durability",
        "The failure that a count survives: \"process\" (kill -9) or \"machine\" (power loss; one fsync per batch).",
        "process", "process", "machine");

    private static readonly Option<string?> Windows = Setting.Choice(
        "--windows", "\"strict\" keeps 250 ms free at each window's edge, so that limits hold in true time.",
        "default", "default", "strict");

    private static readonly Option<int?> ProgramsMax = Setting.Count(
        "--programs-max", "COUNT",
        "Maximum number of programs that run at once, for all servers on standard input and output together.",
        Default.Programs.ProgramsMax,
        OptionRange.Least<ProgramOptions>(nameof(ProgramOptions.ProgramsMax)));

    private static readonly Option<int?> InventorySeconds = Setting.Count(
        "--inventory-every", "SECONDS",
        "Interval at which each server's catalogue is checked for changes; 0 turns these checks off, so that only "
            + "an operator's own check finds a change.",
        (int)InventoryOptions.EveryOfRun.TotalSeconds, 0, " s",
        (int)OptionRange.Longest<InventoryOptions>(nameof(InventoryOptions.Every)).TotalSeconds);

    private static readonly Option<int?> ServerWaitSeconds = Setting.Count(
        "--server-wait", "SECONDS",
        "Time for which a new session at /mcp, and each list there, waits for a server. A server that responds "
            + "later is omitted.",
        (int)Default.Aggregation.ServerWait.TotalSeconds, 1, " s",
        (int)OptionRange.Longest<AggregationOptions>(nameof(AggregationOptions.ServerWait)).TotalSeconds);

    private static readonly Option<int?> CountersMax = Setting.Count(
        "--counters-max", "COUNT",
        "Maximum number of counters. The sessions of one grant may have at most a quarter of them. By default as many "
            + "as fit into two fifths of the memory that the process may use, or half of it for a silo.",
        null, CounterBounds.CountersLeast);

    private static readonly Option<int?> MemoryMebibytes = Setting.Count(
        "--memory-max", "MIB",
        "MiB that all requests and responses may use together; the requests and responses of one grant may use a "
            + "third of this amount. By default a quarter of the memory that the process may use.",
        null, (int)(MemoryBudgetOptions.AllMin >> 20), " MiB");

    private static readonly Option<string?> DrainGrace = Setting.Text(
        "--linger", "LENGTH", "How long clients are still served after SIGTERM, while their connections close, such "
            + "as 2s or 1m.", LingerChoice.Default,
        static text => LingerChoice.TryRead(text, out _) ? null : $"\"{text}\" is not {LingerChoice.Rule}.");

    private static readonly Option<string?> OnControlLoss = Setting.Text(
        "--on-control-loss", "CHOICE",
        "Handling of calls without limits and approval while a shared store cannot be reached: \"deny\" refuses them; "
            + "\"last-known:30s\" (at most 60s) decides by the last known state for that time. A grant that is "
            + "revoked or paused in that time is still served.",
        ControlLossChoice.Deny,
        static text => ControlLossChoice.TryRead(text, out _) ? null : $"\"{text}\" is not {ControlLossChoice.Rule}.");

    private static readonly Option<string?> ReadyWhile = Setting.Choice(
        "--ready-while",
        "When /readyz responds with 200: while calls can be decided (\"deciding\"), or also while the shared store "
            + "cannot be reached, so that agents still get a response that explains it (\"serving\").",
        "deciding", "deciding", "serving");

    private static readonly Option<bool> HasAdminMcp = Setting.Flag(
        "--admin-mcp",
        "Offer operators' agents an MCP server at /admin/mcp, on the listener of the admin API. With an API key that "
            + "has the role \"agent\", they can read status and records, pause, and test policies.");

    /// <summary>Adds all options.</summary>
    /// <param name="command">The command that runs a gateway.</param>
    /// <param name="isFleet">True if there is a store, with or without its option.</param>
    /// <param name="extensions">The program's extensions, which add options of their own.</param>
    public static void AddTo(Command command, bool isFleet, IReadOnlyList<GatewayExtension> extensions)
    {
        foreach (var option in (Option[])[Config, Data, Store, Listen, AdminListen, PublicAddress,
            ConsoleAddress, DurabilityChoice, Windows, ProgramsMax, InventorySeconds, ServerWaitSeconds,
            CountersMax, MemoryMebibytes, DrainGrace, OnControlLoss, ReadyWhile, HasAdminMcp])
        {
            command.Options.Add(option);
        }

        LogOptions.AddTo(command);
        TlsOptions.AddTo(command);
        AuditOptions.AddTo(command);
        ArgumentOptions.AddTo(command);
        StoreKeyArguments.AddTo(command);
        foreach (var extension in extensions)
            extension.AddOptions(command);
        OutboundOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!isFleet && !HasStore(result) && result.Value(OnControlLoss) != ControlLossChoice.Deny)
            {
                result.AddError("--on-control-loss needs a shared store: set --store too.");
            }

            if (result.GetValue(Config) is "")
                result.AddError("--config is empty; write the name of a file.");
            if (result.GetValue(Data) is "")
                result.AddError("--data is empty; write a directory, or omit the option.");
        });
    }

    /// <summary>Returns true if a store is set.</summary>
    public static bool HasStore(CommandResult command) => command.Value(Store) is not null;

    /// <summary>
    /// Applies the command line to <paramref name="settings"/>; warns of a secret that others can read.
    /// </summary>
    public static T Read<T>(ParseResult parsed, T settings, IReadOnlyList<GatewayExtension> extensions)
        where T : HostSettings
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(settings);
        if (parsed.GetResult(Store) is { Implicit: false })
            ShownSecret.Warn(parsed.GetValue(Store), parsed.InvocationConfiguration.Error);
        ControlLossChoice.TryRead(parsed.GetValue(OnControlLoss)!, out var lastKnownFor);
        LingerChoice.TryRead(parsed.GetValue(DrainGrace)!, out var linger);
        return settings with
        {
            Settings = SettingSources.Of(parsed),
            DataDirectory = parsed.GetValue(Data)!,
            ConfigFile = new()
            {
                Path = parsed.GetValue(Config) is { } config ? Path.GetFullPath(config) : null,
                PublicUrl = PublicUrl.Parse(parsed.GetValue(PublicAddress)),
            },
            Store = parsed.GetValue(Store),
            StoreKey = StoreKeyArguments.Of(parsed),
            Listen = [.. parsed.GetValue(Listen)!.SelectMany(
                static one => one.Split(',', StringSplitOptions.TrimEntries))],
            AdminListen = parsed.GetValue(AdminListen),
            Approvals = new() { ConsoleUrl = PublicUrl.Parse(parsed.GetValue(ConsoleAddress)) },
            Backtests = new() { Fleet = OutboundOptions.FleetOf(parsed) },
            AllowedAddresses = OutboundOptions.AllowedOf(parsed),
            Tls = TlsOptions.Of(parsed),
            AdminTls = TlsOptions.OfAdmin(parsed),
            Extensions = [.. extensions.Select(one => one.Read(parsed)).OfType<ExtensionSetup>()],
            Audit = new()
            {
                Retention = AuditOptions.Of(parsed),
                Sinks = AuditOptions.SinksOf(parsed),
                Evidence = new() { KeyPath = AuditOptions.KeyOf(parsed) },
                HashesSubjects = AuditOptions.HashesSubjects(parsed),
            },
            RecordedArguments = ArgumentOptions.Of(parsed),
            History = new() { Age = AuditOptions.HistoryAgeOf(parsed) },
            Durability = parsed.GetValue(DurabilityChoice) == "machine" ? Durability.Machine : Durability.Process,
            StrictWindows = parsed.GetValue(Windows) == "strict",
            Programs = new() { ProgramsMax = parsed.GetValue(ProgramsMax)!.Value },
            Inventories = new() { Every = TimeSpan.FromSeconds(parsed.GetValue(InventorySeconds)!.Value) },
            Aggregation = new() { ServerWait = TimeSpan.FromSeconds(parsed.GetValue(ServerWaitSeconds)!.Value) },
            CountersMax = parsed.GetValue(CountersMax),
            Memory = parsed.GetValue(MemoryMebibytes) is { } mebibytes
                ? MemoryBudgetOptions.OfAll(mebibytes * 1024L * 1024) : null,
            Drain = new() { Grace = linger },
            StoreLoss = new()
            {
                LastKnownFor = lastKnownFor,
                ReadyWhileStoreAway = parsed.GetValue(ReadyWhile) == "serving",
            },
            AdminMcp = parsed.GetValue(HasAdminMcp),
            JsonLogs = LogOptions.IsJson(parsed.CommandResult) ?? settings.JsonLogs,
            LogLevel = LogOptions.LevelOf(parsed),
        };
    }
}
