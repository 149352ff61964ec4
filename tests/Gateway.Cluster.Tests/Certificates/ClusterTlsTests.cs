namespace Gateway.Cluster.Tests.Certificates;

/// <summary>Fleets with mutual TLS under traffic: renewal, an older fleet over the same store, flooded ports.</summary>
public sealed class ClusterTlsTests(ITestOutputHelper output)
{
    [Trait("run", "full")]
    [ClusterFact]
    public async Task Renewed_certificates_are_used_under_traffic_and_every_number_is_given_out_once()
    {
        using var certificates = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 2, certificates);
        using var traffic = new Traffic(fleet, output, paceMs: 40);
        await traffic.StartAsync();
        await traffic.AdmitAsync(1_000);

        certificates.Renew(TimeSpan.FromDays(2));
        await Soon.UntilAsync(
            () => fleet.Silos.All(static silo => silo.Log.Contains("New connections inside the fleet use the new")),
            "both silos took the new certificate");
        // It connects by new certificates only.
        await fleet.AddSilosAsync(1);
        await fleet.Silos[0].StopAsync();

        await traffic.RunDryAsync();
        traffic.AssertExact(faults: 0);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task A_fleet_with_TLS_beside_one_without_over_one_store_gives_out_every_number_once()
    {
        using var certificates = new FleetCertificates();
        await using var before = await SiloFleet.StartAsync(silos: 1);
        await using var after = await before.StartSecondAsync(silos: 1, certificates);
        using var traffic = new Traffic(before, output, second: after);

        await traffic.StartAsync();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 0);
        Assert.All(before.Silos.Concat(after.Silos), static silo => Assert.False(silo.HasEnded));
    }

    [ClusterFact]
    public async Task Flooded_ports_admit_nobody_and_keep_nobody_else_waiting()
    {
        using var certificates = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 1, certificates);
        var silo = fleet.Silos[0];
        using var traffic = new Traffic(fleet, output, paceMs: 20);
        await traffic.StartAsync();
        await traffic.AdmitAsync(200);

        foreach (var port in (int[])[silo.SiloPort, silo.ClientPort])
        {
            await FloodAsync(port, 300, static (socket, random) =>
            {
                var bytes = new byte[random.Next(1, 4096)];
                random.NextBytes(bytes);
                return socket.SendAsync(bytes);
            });
            // The header of a TLS record that says that 512 bytes follow, and then nothing.
            await FloodAsync(port, 300, static (socket, _) =>
                socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01 }));
            await FloodAsync(port, 500, static (_, _) => Task.FromResult(0), isIdle: true);
        }

        await traffic.AdmitAsync(500);
        await traffic.RunDryAsync();
        traffic.AssertExact(faults: 0);
        Assert.False(silo.HasEnded);
        var refusals = silo.Log.Split('\n').Count(static line => line.Contains("was refused"));
        output.WriteLine($"{refusals} lines for 2,200 connections");
        Assert.InRange(refusals, 1, 40);
    }

    /// <summary>Opens many connections at once, says something on each, and waits until each was closed.</summary>
    private async Task FloodAsync(
        int port, int count, Func<Socket, Random, Task<int>> sayAsync, bool isIdle = false)
    {
        var random = new Random(port);
        var sockets = new List<Socket>();
        var began = Stopwatch.StartNew();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, port);
                await sayAsync(socket, random);
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            foreach (var socket in sockets) await UntilClosedAsync(socket, patience.Token);
            output.WriteLine(
                $"port {port}: {count} {(isIdle ? "idle" : "malformed")} connections closed after {began.Elapsed}");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static async Task UntilClosedAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0) { }
        }
        catch (SocketException)
        {
            // Reset by the silo.
        }
    }
}
