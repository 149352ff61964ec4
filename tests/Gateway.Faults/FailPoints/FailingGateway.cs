using Gateway.Control.Storage;
using Gateway.Hosting.Running;
using Gateway.Limits.Engine;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres;
using Gateway.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Faults.FailPoints;

/// <summary>
/// A gateway with an order: <c>gateway run</c> with fail points between its engine and its store. The shipped
/// executable contains none of this, so it cannot be enabled there.
/// </summary>
internal static class FailingGateway
{
    /// <summary>Serves until it is stopped, or reaches its fail point.</summary>
    /// <param name="args">
    /// The order, followed by the arguments of <c>gateway run</c>, each option with its value.
    /// </param>
    public static async Task<int> RunAsync(string[] args)
    {
        var point = new FailPoint(args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        var settings = args[4..].Chunk(2).ToDictionary(option => option[0], option => option[1]);
        var options = new GatewayHostOptions
        {
            ConfigFile = new() { Path = settings["--config"] },
            DataDirectory = settings["--data"],
            Listen = [settings["--listen"]],
            Store = settings.GetValueOrDefault("--store"),
        };
        using var sent = new SentWatch(point);
        try
        {
            var (backend, limiter) = options.Store is null
                ? OpenJournal(options, args[1], point)
                : await OpenFleetAsync(options, args[1], point);
            await using var host = await GatewayHost.StartAsync(
                options, backend, new PassingLimiter(limiter, point), CancellationToken.None);
            foreach (var address in host.Addresses) Console.WriteLine($"gateway listens on {address}");
            await host.WaitForShutdownAsync(CancellationToken.None);
            // Return the unused numbers while the store is open.
            await limiter.DisposeAsync();
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or PostgresStoreException)
        {
            await Console.Error.WriteLineAsync($"gateway cannot start: {e.Message}");
            return 1;
        }
    }

    private static (IStorageBackend Backend, LocalEngine Limiter) OpenJournal(
        GatewayHostOptions options, string name, FailPoint point)
    {
        var journal = new JournalEngineOptions { DataDirectory = Path.Combine(options.DataDirectory, "limits") };
        var limiter = JournalEngine.Open(
            journal, options.Time, new DiskFolder(journal.DataDirectory), new JournalOptions(),
            store => name == Points.NeverWritten ? new ForgetfulStore() : new PassingStore(store, point));
        return (limiter, limiter);
    }

    private static async Task<(IStorageBackend Backend, LocalEngine Limiter)> OpenFleetAsync(
        GatewayHostOptions options, string name, FailPoint point)
    {
        var postgres = new PostgresOptions { Address = PostgresAddress.Parse(options.Store!) };
        var loggers = LoggerFactory.Create(static _ => { });
        var fleet = await PostgresBackend.OpenAsync(
            postgres, options.StrictWindows, options.Time, loggers, CancellationToken.None);
        return (fleet, name is Points.SoleOwner or Points.LastWriterWins
            ? new LocalEngine(
                new MistakenStore(fleet.Reservations, name == Points.LastWriterWins),
                new LocalEngineOptions { StoreTimeoutMs = 0 }, options.Time, fleet.Clock)
            : new LocalEngine(
                new PassingStore(fleet.Reservations, point),
                new LocalEngineOptions { StoreTimeoutMs = 0, StoreFault = () => fleet.Fault },
                options.Time, fleet.Clock));
    }
}
