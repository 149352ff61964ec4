using System.Security.Cryptography;

namespace Gateway.Fleet.Tests;

/// <summary>What somebody with rights on the database, and without the store key, gains by them.</summary>
public sealed class StoreKeyTests() : FleetTest("""{ "version": "1", "default": "allow" }"""), IDisposable
{
    private const string RogueToken = "pgw_0123456789abcdef0123456789abcdef";
    private readonly TestFolder _folder = new();

    private string KeyFile => _folder.File("store.key", "c3RvcmUga2V5IG9mIHRoaXMgdGVzdCwgMzIgYnl0ZXM=\n");

    public void Dispose() => _folder.Dispose();

    [ClusterFact]
    public async Task Grant_inserted_into_the_database_opens_nothing_at_any_gateway()
    {
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        var grant = await TestGrant.MakeAsync(first.Process, "bot");

        await ChangeAsync("grants", "rogue", 0, GrantJson(RogueToken));

        await first.Process.SaysAsync("grants/rogue");
        await second.Process.SaysAsync("grants/rogue");
        foreach (var member in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(member, RogueToken));
            await Soon.UntilAsync(
                async () => await StatusAsync(member, grant.Token) == HttpStatusCode.OK, "the grant is served");
        }
    }

    [ClusterFact]
    public async Task Grant_changed_in_the_database_stops_every_gateway_until_it_is_put_right()
    {
        await using var member = await StartAsync("member");
        var grant = await TestGrant.MakeAsync(member.Process, "bot");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(member, grant.Token));

        var before = await Bench.Database.QueryAsync(
            "SELECT encode(content, 'escape') FROM gateway.control_documents WHERE kind = 'grants' AND name = 'bot'");
        await ForgeAsync(GrantJson(RogueToken));

        await member.BecomesAsync(HttpStatusCode.ServiceUnavailable);
        await member.Process.SaysAsync("was changed by someone without the store key");
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(member, RogueToken));

        await ForgeAsync(before.Trim());
        await member.BecomesAsync(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(member, grant.Token));
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Store_of_gateways_without_a_key_is_accepted_by_its_digest_and_on_record()
    {
        var old = await Bench.StartAsMemberAsync("old");
        var grant = await TestGrant.MakeAsync(old.Process, "bot");
        await old.StopAsync();
        await old.DisposeAsync();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync("refused"));
        Assert.Contains("grants/bot", refused.Message, StringComparison.Ordinal);
        var digest = refused.Message.Split("--accept-store ")[1].Split(' ')[0];

        await using var member = await StartAsync(
            "accepting", "--accept-store", digest, "--accept-reason", "first start with a key");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(member, grant.Token));
        Assert.Contains(member.Audit, record => record.GetProperty("kind").GetString() == "event"
            && record.GetProperty("event").GetString() == "store.accepted"
            && record.GetProperty("document").GetString()!.StartsWith("grants/bot", StringComparison.Ordinal));
        await using var next = await StartAsync("next");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(next, grant.Token));
    }

    [ClusterFact]
    public async Task Gateway_without_a_key_still_reads_a_store_that_was_used_with_one()
    {
        await using (var member = await StartAsync("with"))
            await TestGrant.MakeAsync(member.Process, "bot");

        await using var without = await Bench.StartAsMemberAsync("without");

        await TestGrant.MakeAsync(without.Process, "later");
    }

    private Task<FleetMember> StartAsync(string name, params string[] more) =>
        Bench.StartAsMemberAsync(name, more: ["--store-key", KeyFile, .. more]);

    private static string GrantJson(string token) =>
        $$"""{ "servers": { "srv": "policy" }, "tokenHash": "{{Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(token)))}}" }""";

    private Task<string> ChangeAsync(string kind, string name, long version, string content) =>
        Bench.Database.QueryAsync(
            $"SELECT * FROM gateway.change_control_document('{kind}', '{name}', {version}, "
            + $"convert_to('{content}', 'UTF8'))");

    private async Task ForgeAsync(string content) => await ChangeAsync(
        "grants", "bot",
        long.Parse(await Bench.Database.QueryAsync(
            "SELECT version FROM gateway.control_documents WHERE kind = 'grants' AND name = 'bot'")),
        content);

    private static async Task<HttpStatusCode> StatusAsync(FleetMember member, string token)
    {
        using var client = member.Process.Client(token);
        using var response = await client.PostAsync(
            client.BaseAddress,
            new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"));
        return response.StatusCode;
    }
}
