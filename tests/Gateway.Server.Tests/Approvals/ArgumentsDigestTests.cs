using System.Security.Cryptography;

namespace Gateway.Server.Tests.Approvals;

/// <summary>The record has a digest of arguments that nobody can find them out from by trying.</summary>
public sealed class ArgumentsDigestTests
{
    [Fact]
    public async Task Is_under_a_key_that_outlives_a_restart_and_the_bare_one_is_nowhere()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync("""{"id":17}""");
        var (_, open) = await bench.SendAsync("GET", $"approvals/{id}");
        await bench.DenyAsync(id, "no");
        await bench.AskAsync("""{"id":18}""");
        await bench.RestartAsync();
        await bench.AskAsync("""{"id":19}""");
        var (_, denied) = await bench.SendAsync("GET", $"approvals/{id}");

        await bench.Gateway.DisposeHostAsync();

        var bare = Convert.ToHexStringLower(SHA256.HashData("""{"id":17}"""u8));
        Assert.Equal(bare, (string?)open!["argumentsSha256"]);
        Assert.Null(denied!["argumentsSha256"]);
        Assert.Matches("\\A[0-9a-f]{8}:[0-9a-f]{64}\\z", (string?)denied["argumentsHmac"]);
        var kept = Directory.GetFiles(bench.Gateway.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.All(kept, text => Assert.DoesNotContain(bare, text, StringComparison.Ordinal));
        var digests = bench.Gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "approval")
            .Select(static record => record.GetProperty("argumentsHmac").GetString()!).ToList();
        Assert.Equal(3, digests.Distinct(StringComparer.Ordinal).Count());
        Assert.Single(digests.Select(static digest => digest[..8]).Distinct(StringComparer.Ordinal));
        Assert.Equal(digests[0], (string?)denied["argumentsHmac"]);
    }
}
