using System.CommandLine;
using System.Runtime.InteropServices;
using Gateway.Catalogue.Publishing;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Options;
using Gateway.Hosting.Running;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Hosting.Commands;

/// <summary>The command <c>gateway run</c>, which runs the gateway on this machine until it is stopped.</summary>
public static class RunCommand
{
    private static readonly Option<string?> Io = Setting.Choice(
        "--io", "\"inline\" runs network work on the I/O threads: less CPU per call, more latency when idle.",
        "default", "default", "inline");

    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "If the journal of counts is damaged, keep its intact part, report the damage, and start. "
            + "Counts may be lost, so a call to which a limit applies is refused until the current window of that "
            + "limit ends.",
    };

    private static readonly Option<string?> Registry = Setting.Text(
        "--registry-listen", "URL",
        "Address at which clients can list the servers of this gateway without credentials: the read endpoints of the "
            + "MCP registry protocol. Off by default.");

    private static readonly Option<string[]> RegistryAllow = Setting.Texts(
        "--registry-allow", "SERVER",
        "Public servers of the catalogue that the registry also lists, by name or package; * stands for any text. "
            + "Clients start them without this gateway. Repeatable, or several with commas. By default there are "
            + "none.", "");

    /// <summary>Returns the command of a program with these extensions.</summary>
    public static Command Create(IReadOnlyList<GatewayExtension> extensions)
    {
        var command = new Command("run",
            "Run the gateway on this machine.\n\nExample:\n  gateway run --config gateway.json")
        {
            Io, Repair, Registry, RegistryAllow,
        };
        RunOptions.AddTo(command, isFleet: false, extensions);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Repair) && RunOptions.HasStore(result))
                result.AddError("--repair needs a journal, which --store does not use. Omit one of them.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, extensions, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, IReadOnlyList<GatewayExtension> extensions, CancellationToken cancellationToken)
    {
        var options = RunOptions.Read(parsed, new GatewayHostOptions
        {
            InlineIo = parsed.GetValue(Io) == "inline",
            RegistryListen = parsed.GetValue(Registry),
            Registry = new RegistryOptions { Allow = [.. OutboundOptions.Split(parsed.GetValue(RegistryAllow))] },
            ShowAdminKey = static key => Console.WriteLine($"admin key, shown only once: {key}"),
        }, extensions);
        if (!IsRight(options.ConfigFile.Path, out var config))
            return ExitCode.Usage;
        options = options with { Config = config };
        PosixSignal? asked = null;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Note);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Note);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note);
        try
        {
            if (parsed.GetValue(Repair))
                Console.WriteLine(await StorageBackends.RepairJournalAsync(options));
            await using var host = await GatewayHost.StartAsync(options, cancellationToken);
            using var hangUp = ReloadSignal.Register(host.ReloadAsync);
            foreach (var address in host.Addresses)
                Console.WriteLine($"gateway listens on {address}");
            if (host.RegistryAddress is { } registry)
                Console.WriteLine($"the registry for clients listens on {registry}");
            if (host.ServiceAddress is { } service)
                Console.WriteLine($"rate limit service listens on {service}");
            if (host.AcquireAddress is { } acquire)
                Console.WriteLine($"budget service listens on {acquire}");
            if (host.NewFirstRun() is { } first)
                Console.WriteLine($"create the first operator in a browser with this link, which works once, within "
                    + $"an hour: {first}");
            if (host.AdminNotice is { } notice)
                Console.WriteLine(notice);
            await host.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Well;
        }
        catch (OperationCanceledException) when (asked is not null)
        {
            Console.Error.WriteLine($"The gateway was asked to stop ({asked}) before it had started.");
            return ExitCode.Well;
        }
        catch (OperationCanceledException e)
        {
            // A service manager then starts it again.
            Console.Error.WriteLine($"gateway cannot start: its start was canceled, and not by a signal: {e}");
            return ExitCode.Unreachable;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException
                or ControlStoreException or PostgresStoreException)
        {
            Console.Error.WriteLine($"gateway cannot start: {e.Message}");
            return StartFault.MaySucceedLater(e) ? ExitCode.Unreachable : ExitCode.Usage;
        }

        // The default action of the signal, or the host's, stays.
        void Note(PosixSignalContext signal) => asked = signal.Signal;
    }

    private static bool IsRight(string? path, out ConfigResult? result)
    {
        result = null;
        if (path is null)
            return true;
        result = ConfigLoader.Load(path, Environment.GetEnvironmentVariable);
        // Warnings go to the log, now and at each reload.
        foreach (var problem in result.Problems)
            Console.Error.WriteLine(problem);
        return result.Problems.IsEmpty;
    }
}
