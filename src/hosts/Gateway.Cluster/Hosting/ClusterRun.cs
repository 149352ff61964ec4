using System.Net.Sockets;
using Gateway.Cluster.Clocks;
using Gateway.Cluster.Settings;
using Gateway.Control.Documents;
using Gateway.Hosting.Composition;
using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Cluster.Hosting;

/// <summary>Runs one process of a fleet until it is requested to stop, or reports why it could not start.</summary>
internal static class ClusterRun
{
    private const int Well = 0;
    private const int Usage = 2;
    private const int Unreachable = 3;
    private const int WrongClock = 4;

    /// <summary>
    /// Returns the exit code: 0 success, 2 invalid settings, 3 a dependency cannot be reached, 4 a silo's clock stays
    /// wrong.
    /// </summary>
    public static async Task<int> RunAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            // A silo that left because of its clock joins again as a new silo once the clock is right.
            while (await RunOnceAsync(settings, cancellationToken)) { }
            return Well;
        }
        catch (OperationCanceledException)
        {
            // The process was stopped while it still waited for the fleet.
            return Well;
        }
        catch (Exception e)
            when (e is SettingsException or IOException or UnauthorizedAccessException or FormatException
                or InvalidOperationException or ControlStoreException)
        {
            await Console.Error.WriteLineAsync($"gateway-cluster cannot start: {e.Message}");
            return Usage;
        }
        catch (Exception e) when (e is PostgresStoreException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync($"gateway-cluster cannot start: {e.Message}");
            return Unreachable;
        }
        catch (Exception e) when (ProblemOf(settings, e) is { } problem)
        {
            await Console.Error.WriteLineAsync($"gateway-cluster cannot start: {problem}");
            return Unreachable;
        }
        catch (ClockException e)
        {
            await Console.Error.WriteLineAsync($"gateway-cluster stops: {e.Message}");
            return WrongClock;
        }
    }

    /// <summary>Returns true if the store is temporarily unreachable, so that the start waits for it.</summary>
    public static bool IsStoreAway(ClusterSettings settings, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException { IsTransient: true } or SocketException or TimeoutException
                || settings.Accounts.Any(accounts => accounts.IsAway(cause))
                || (cause is AggregateException { InnerExceptions: [.., var last] } && IsStoreAway(settings, last)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the message of a storage account or an identity; null for any other exception.</summary>
    private static string? ProblemOf(ClusterSettings settings, Exception e) =>
        settings.Accounts.Select(accounts => accounts.ProblemOf(e)).OfType<string>().FirstOrDefault()
        // Several attempts failed in the same way.
        ?? (e is AggregateException { InnerExceptions: [.., var last] } ? ProblemOf(settings, last) : null);

    /// <returns>True if the process should join again.</returns>
    private static async Task<bool> RunOnceAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        await using var host = await ClusterHost.StartAsync(settings, cancellationToken);
        using var hangUp = ReloadSignal.Register(host.ReloadAsync);
        var role = settings.Role.ToString().ToLowerInvariant();
        foreach (var address in host.Addresses) Console.WriteLine($"{role} {settings.Name} listens on {address}");
        if (host.ServiceAddress is { } service) Console.WriteLine($"rate limit service listens on {service}");
        if (host.AcquireAddress is { } acquire) Console.WriteLine($"budget service listens on {acquire}");
        if (host.NewFirstRun() is { } first)
            Console.WriteLine($"create the first operator in a browser with this link, which works once, within an "
                + $"hour: {first}");
        await host.WaitForShutdownAsync(cancellationToken);
        return host.HasLeft;
    }
}
