using System.Threading.RateLimiting;
using Gateway.Orleans;
using Gateway.RateLimiting;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Gateway.Storage.Postgres.Reservations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cluster.Tests.Applications;

/// <summary>An Orleans application of somebody else, which has only this project's public types.</summary>
public sealed class OrleansApplicationTests
{
    private const int Max = 10;
    private const string Page = "docs/how-to/dotnet-rate-limiting.md";
    private const string Heading = "\n## Use it in an Orleans application\n";

    private static readonly string[] Blocks = PageBlocks();

    [ClusterFact]
    public async Task Silos_and_clients_share_one_exact_limit()
    {
        await using var postgres = await PostgresCluster.StartNewAsync();
        var (siloPorts, clientPorts) = ((int[])[Ports.Free(), Ports.Free()], (int[])[Ports.Free(), Ports.Free()]);
        await using var one = await SiloAsync(postgres.Url(), siloPorts[0], clientPorts[0], siloPorts[0]);
        await using var two = await SiloAsync(postgres.Url(), siloPorts[1], clientPorts[1], siloPorts[0]);
        using var left = await ClientAsync(clientPorts[0]);
        using var right = await ClientAsync(clientPorts[1]);

        var runs = await Task.WhenAll(new[] { left, right, one.Host, two.Host }.Select(DrainAsync));

        // A request that got no reply in time was refused, and may have been counted.
        var admitted = runs.Sum(static run => run.Admitted);
        Assert.InRange(admitted, Max - runs.Sum(static run => run.Unanswered), Max);
        Assert.True(admitted > 0);
    }

    [Fact]
    public void Page_shows_the_code_that_these_tests_run()
    {
        var lines = File.ReadAllLines(
                SourceTree.PathOf("tests", "Gateway.Cluster.Tests", "Applications", "OrleansApplicationTests.cs"))
            .Select(static line => line.Trim());
        var code = string.Join('\n', lines);

        Assert.Equal(3, Blocks.Length);
        Assert.All(Blocks, block => Assert.Contains(block, code, StringComparison.Ordinal));
    }

    /// <summary>Takes permits until the limit is reached.</summary>
    private static async Task<(int Admitted, int Unanswered)> DrainAsync(IHost host)
    {
        await using var exports = new ExactRateLimiter(
            host.Services.GetRequiredService<ILimiter>(), host.Services.GetRequiredService<ProcessClock>(),
            new ExactLimit("shop", "exports", 10, "hour", isSliding: true));
        var (admitted, unanswered) = (0, 0);
        while (true)
        {
            using var lease = await exports.AcquireAsync();
            if (lease.IsAcquired)
                admitted++;
            else if (lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.FromMinutes(1))
                return (admitted, unanswered);
            else
                unanswered++;
        }
    }

    private static async Task<Silo> SiloAsync(string store, int siloPort, int clientPort, int primaryPort)
    {
        var clock = new ProcessClock(TimeProvider.System);
        var database = await PostgresDatabase.OpenAsync(
            new PostgresOptions { Address = PostgresAddress.Parse(store) },
            clock, NullLoggerFactory.Instance, CancellationToken.None);

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, clientPort, new IPEndPoint(IPAddress.Loopback, primaryPort));
            silo.Services.AddSingleton(clock);
            silo.Services.AddSingleton<IReservationStore>(_ => new PostgresReservationStore(database));
            silo.AddGatewayLimits();
        });
        var host = builder.Build();
        await host.StartAsync();
        return new Silo(host, database);
    }

    private static async Task<IHost> ClientAsync(int clientPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(clientPort);
            client.AddGatewayLimits();
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The code of the page's section, without the indentation of its lines.</summary>
    private static string[] PageBlocks()
    {
        var page = File.ReadAllText(SourceTree.PathOf(Page)).ReplaceLineEndings("\n");
        var section = page[(page.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return [.. section[..(end < 0 ? section.Length : end)].Split("```csharp\n")[1..]
            .Select(static block => string.Join(
                '\n', block.Split("\n```")[0].Split('\n').Select(static line => line.Trim())))];
    }

    private sealed record Silo(IHost Host, PostgresDatabase Database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync();
            await ((IAsyncDisposable)Host).DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
