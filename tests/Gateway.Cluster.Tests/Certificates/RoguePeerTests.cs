using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cluster.Certificates;
using Gateway.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Connections.Security;

#pragma warning disable CA5359 // An attacker does not verify whom it attacks.

namespace Gateway.Cluster.Tests.Certificates;

/// <summary>Peers that know everything about a fleet but its certificates reach none of its grains.</summary>
public sealed class RoguePeerTests(ITestOutputHelper output)
{
    [ClusterFact]
    public async Task A_client_without_a_certificate_of_the_fleet_is_answered_nothing()
    {
        using var certificates = new FleetCertificates();
        using var others = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 1, certificates);
        var silo = fleet.Silos[0];

        var plain = await RogueClient.TryAsync(silo.ClientPort, static _ => { });
        var none = await RogueClient.TryAsync(silo.ClientPort, static client => client.UseTls(static tls =>
        {
            tls.ClientCertificateMode = RemoteCertificateMode.NoCertificate;
            tls.AllowAnyRemoteCertificate();
        }));
        var untrusted = await RogueClient.TryAsync(
            silo.ClientPort, client => client.UseTls(tls => RogueClient.Show(tls, others.Of("frontend"))));
        var own = await RogueClient.TryAsync(
            silo.ClientPort, client => client.UseTls(tls => RogueClient.Show(tls, certificates.Of("frontend"))));

        Assert.Null(own);
        foreach (var refused in (Exception?[])[plain, none, untrusted])
        {
            Assert.NotNull(refused);
            output.WriteLine($"{refused.GetType().Name}: {refused.Message.Split('\n')[0]}");
        }

        Assert.True(await silo.IsReadyAsync());
        Assert.Contains("A connection inside the fleet was refused", silo.Log);
    }

    [ClusterFact]
    public async Task A_frontend_calls_its_own_grains_and_none_of_the_silos()
    {
        using var certificates = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 1, certificates);
        using var client = RogueClient.Build(
            fleet.Silos[0].ClientPort, builder => builder.Secure(certificates.OpenFrontend(fleet), false));
        await client.StartAsync();

        var answer = await RogueClient.CountAsync(client);
        var management = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var hosts = await Assert.ThrowsAnyAsync<Exception>(() => management.GetHosts());
        var collection = await Assert.ThrowsAnyAsync<Exception>(
            () => management.ForceActivationCollection(TimeSpan.Zero));

        Assert.Empty(answer.Items);
        Assert.IsType<UnauthorizedAccessException>(hosts);
        Assert.IsType<UnauthorizedAccessException>(collection);
        await client.StopAsync();
    }

    [ClusterFact]
    public async Task The_silo_port_takes_a_silos_certificate_and_no_frontends()
    {
        using var certificates = new FleetCertificates();
        using var others = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 1, certificates);
        var silo = fleet.Silos[0];

        Assert.True(await IsGreetedAsync(silo.SiloPort, certificates.Of("silo")));
        Assert.False(await IsGreetedAsync(silo.SiloPort, certificates.Of("frontend")));
        Assert.False(await IsGreetedAsync(silo.SiloPort, others.Of("silo")));
        Assert.False(await IsGreetedAsync(silo.SiloPort, null));
        Assert.True(await silo.IsReadyAsync());
    }

    [ClusterFact]
    public async Task A_silo_with_another_fleets_certificate_does_not_join_and_no_number_is_lost_or_given_out_twice()
    {
        using var certificates = new FleetCertificates();
        using var others = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 2, certificates);
        fleet.Certificates = others;
        var rogue = fleet.Start("silo");
        fleet.Certificates = certificates;
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        var isReady = await rogue.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(20)).ContinueWith(
#pragma warning disable RS0030 // It is completed.
            static ready => ready.IsCompletedSuccessfully && ready.Result, TaskScheduler.Default);
#pragma warning restore RS0030
        await traffic.RunDryAsync();

        Assert.False(isReady, rogue.Log);
        traffic.AssertExact(faults: 0);
        Assert.All(fleet.Silos, static silo => Assert.False(silo.HasEnded, silo.Log));
    }

    [ClusterFact]
    public async Task A_forged_row_of_the_membership_table_makes_a_frontend_say_nothing_there()
    {
        using var certificates = new FleetCertificates();
        using var others = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 1, certificates);
        using var stop = new CancellationTokenSource();
        var heard = new List<Task<(int Connections, long Bytes)>>();
        foreach (var shown in (ClusterTlsFiles[])[others.Of("silo"), certificates.Of("frontend")])
        {
            var attacker = new TcpListener(IPAddress.Loopback, 0);
            attacker.Start();
            heard.Add(ListenAsync(attacker, shown, stop.Token));
            await ForgeAsync(fleet, ((IPEndPoint)attacker.LocalEndpoint).Port);
        }


        var limiter = await fleet.LimiterAsync();
        var cost = new LimitCost(
            new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed, Window.Month),
            Amount.FromUnits(1000), Amount.One);
        var admitted = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 400; i++)
        {
            var request = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), [cost]);
            if ((await limiter.AcquireAsync(request, default)).Refusal is null) admitted++;
            await pace.WaitForNextTickAsync();
        }

        await stop.CancelAsync();
        foreach (var (connections, bytes) in await Task.WhenAll(heard))
        {
            output.WriteLine($"{connections} connections, {bytes} bytes after a handshake");
            Assert.True(connections > 0, "Nobody connected, so the forged row was not used.");
            Assert.Equal(0, bytes);
        }

        output.WriteLine($"{admitted} of 400 admitted");
        Assert.True(admitted > 0);
    }

    /// <summary>A row as a live silo has one, with the address of somebody else.</summary>
    private static Task ForgeAsync(SiloFleet fleet, int port) => fleet.QueryAsync($"""
        INSERT INTO gateway_cluster.silo
        SELECT cluster, address, {port}, generation + 1, 'rogue', host, status, {port}, NULL, started, now()
        FROM gateway_cluster.silo WHERE cluster = 'gateway-tls' LIMIT 1;
        UPDATE gateway_cluster.cluster SET version = version + 1 WHERE id = 'gateway-tls'
        """);

    /// <summary>True if a silo's port sends something after a handshake with this certificate.</summary>
    private static async Task<bool> IsGreetedAsync(int port, ClusterTlsFiles? files)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        await using var stream = new SslStream(connection.GetStream(), false, static (_, _, _, _) => true);
        using var shown = files is null ? null : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    ClientCertificates = shown is null ? [] : [shown],
                    ApplicationProtocols = [new SslApplicationProtocol("Orleans1")],
                },
                patience.Token);
            return await stream.ReadAsync(new byte[1024], patience.Token) > 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>Takes every connection, shows a certificate, and counts what arrives after a handshake.</summary>
    private static async Task<(int Connections, long Bytes)> ListenAsync(
        TcpListener listener, ClusterTlsFiles files, CancellationToken cancellationToken)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        using var stopped = listener;
        var (connections, bytes) = (0, 0L);
        var buffer = new byte[4096];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var connection = await listener.AcceptTcpClientAsync(cancellationToken);
                connections++;
                await using var stream = new SslStream(connection.GetStream(), false, static (_, _, _, _) => true);
                await stream.AuthenticateAsServerAsync(certificate, true, false);
                bytes += await stream.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is AuthenticationException or IOException or SocketException
                or OperationCanceledException)
            {
                // The frontend ended the handshake, or the test ended.
            }
        }

        return (connections, bytes);
    }
}
