using Gateway.Cluster.Tests.Certificates;
using Gateway.Cluster.Tests.Control;
using Gateway.Control.Documents;
using Gateway.Orleans.Documents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Cluster.Tests.Azure;

/// <summary>The control documents that silos keep on Azure Storage, and clients that are no frontends.</summary>
public sealed class GrainsRogueTests
{
    private static readonly ControlKey Rogue = new(ControlKinds.Grants, "rogue");

    [AzuriteFact]
    public async Task A_client_without_a_certificate_neither_reads_nor_writes_control_documents()
    {
        using var certificates = new FleetCertificates();
        await using var fleet = await SiloFleet.StartOnAzureAsync(silos: 1, certificates);
        var silo = fleet.Silos[0];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var rogue = RogueClient.Build(silo.ClientPort, static _ => { });
        using var frontend = RogueClient.Build(
            silo.ClientPort, client => client.UseTls(tls => RogueClient.Show(tls, certificates.Of("frontend"))));

        var refused = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await rogue.StartAsync(patience.Token);
            await StoreOf(rogue).ChangeAsync(Rogue, 0, "{}"u8.ToArray(), patience.Token);
        });
        await frontend.StartAsync();
        var documents = await StoreOf(frontend).ReadAsync(CancellationToken.None);
        var written = await StoreOf(frontend).ChangeAsync(Rogue, 0, "{}"u8.ToArray(), CancellationToken.None);

        Assert.NotNull(refused);
        Assert.Null(documents.Find(Rogue));
        Assert.True(written.IsWritten);
        await frontend.StopAsync();
    }

    [Trait("run", "full")]
    [AzuriteFact]
    public async Task A_change_that_no_gateway_recorded_is_recorded_by_every_frontend_and_others_are_not()
    {
        using var certificates = new FleetCertificates();
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var fleet = await SiloFleet.StartOnAzureAsync(silos: 1, certificates);
        var data = Path.Combine(folder.Path, "data");
        var process = await fleet.StartReadyAsync(
            "frontend", "--config", AgentConfig.Write(folder.Path, server.Url, max: 1), "--data", data, "--listen",
            "http://127.0.0.1:0");
        using var operators = new FrontendClient(process.Address);
        using var frontend = RogueClient.Build(
            fleet.Silos[0].ClientPort,
            client => client.UseTls(tls => RogueClient.Show(tls, certificates.Of("frontend"))));
        await frontend.StartAsync();

        await operators.GrantAsync("kept");
        await operators.GrantAsync("revoked");
        await operators.RevokeAsync("revoked");
        await operators.AddOperatorAsync("ana");
        await operators.AddOperatorAsync("gone");
        await operators.RemoveAsync("operators/gone");
        string[] rogues = ["operators/rogue", "operator-keys/ana/rogue", "channels/rogue", "grants/rogue"];
        foreach (var rogue in rogues)
        {
            var key = rogue.Split('/', 2);
            await StoreOf(frontend).ChangeAsync(
                new ControlKey(key[0], key[1]), 0, "{}"u8.ToArray(), CancellationToken.None);
        }

        await Soon.UntilAsync(() => Unrecorded(data).Count >= rogues.Length, "the changes are recorded");
        // What came before them was checked with them or earlier.
        Assert.Equal(
            rogues.Select(static rogue => $"write {rogue}").Order(StringComparer.Ordinal),
            Unrecorded(data).Order(StringComparer.Ordinal));
        await frontend.StopAsync();
    }

    private static List<string> Unrecorded(string data) =>
        [
            .. AuditTrail.Read(Path.Combine(data, "audit"))
                .Where(static record => record.TryGetProperty("by", out var by) && by.ValueEquals("unknown"))
                .Select(static record => $"{record.GetProperty("action")} {record.GetProperty("object")}"),
        ];

    private static GrainControlStore StoreOf(IHost client) =>
        new(client.Services.GetRequiredService<IGrainFactory>(), TimeProvider.System);
}
